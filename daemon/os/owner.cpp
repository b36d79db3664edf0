#include "os/owner.hpp"

#include "os/file_error.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace gatefold::os {

namespace {

namespace fs = std::filesystem;

std::string nameOf(uid_t id) {
    const passwd* const user = ::getpwuid(id);
    return user ? user->pw_name : std::to_string(id);
}

/// Of the folder, or of the nearest one above it that is there.
struct ::stat statusOfNearest(const fs::path& folder) {
    struct ::stat status {};
    fs::path path = fs::absolute(folder).lexically_normal();
    while (::stat(path.c_str(), &status) != 0 && path.has_relative_path())
        path = path.parent_path();
    return status;
}

} // namespace

void becomeOwner(const fs::path& folder, const fs::path& file) {
    if (::geteuid() != 0)
        return;
    struct ::stat owner {};
    // A link is followed for the folder alone: to a file of theirs anybody can make one.
    if (::lstat(file.c_str(), &owner) != 0 || owner.st_uid == 0)
        owner = statusOfNearest(folder);
    if (owner.st_uid == 0)
        return;
    const bool named = ::getpwuid(owner.st_uid) != nullptr; // one without a name has no groups
    const std::string name = nameOf(owner.st_uid);
    const int grouped =
        named ? ::initgroups(name.c_str(), owner.st_gid) : ::setgroups(1, &owner.st_gid);
    if (grouped != 0 || ::setgid(owner.st_gid) != 0 || ::setuid(owner.st_uid) != 0)
        throw fileError("cannot become user " + name + ", who owns", folder, errno);
}

void giveToOwner(int fd, const fs::path& folder) {
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
