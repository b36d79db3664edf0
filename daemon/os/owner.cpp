#include "os/owner.hpp"

#include "os/file_error.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace gatefold::os {

namespace {

std::string nameOf(uid_t id) {
    const passwd* const user = ::getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

} // namespace

void becomeOwner(const std::filesystem::path& folder) {
    struct ::stat owner {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &owner) != 0 || owner.st_uid == 0)
        return;
    const bool named = ::getpwuid(owner.st_uid) != nullptr; // one without a name has no groups
    const std::string name = nameOf(owner.st_uid);
    const int grouped =
        named ? ::initgroups(name.c_str(), owner.st_gid) : ::setgroups(1, &owner.st_gid);
    if (grouped != 0 || ::setgid(owner.st_gid) != 0 || ::setuid(owner.st_uid) != 0)
        throw fileError("cannot become user " + name + ", who owns the folder", folder, errno);
}

void giveToOwner(int fd, const std::filesystem::path& folder) {
    struct ::stat owner {};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &owner) != 0)
        return;
    if (::fchown(fd, owner.st_uid, owner.st_gid) != 0)
        throw fileError("cannot give to its owner what was made in", folder, errno);
}

std::string userName() {
    return nameOf(::geteuid());
}

} // namespace gatefold::os
