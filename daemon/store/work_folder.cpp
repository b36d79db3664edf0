#include "store/work_folder.hpp"

#include "core/error.hpp"
#include "os/file_error.hpp"
#include "os/file_lock.hpp"

#include <cerrno>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view workBeginning = "gatefold-verify-";

/// Where a disk became read-only because of its errors, the folder of temporary files often lies on
/// it, too, and TMPDIR of root is often root's own: then it is one of the others.
std::vector<fs::path> temporaryFolders() {
    std::error_code error;
    const fs::path named = fs::temp_directory_path(error);
    if (error && error != std::errc::permission_denied)
        throw Error(ErrorCode::fileAccess, "There is no folder for temporary files (" +
                                               error.message() +
                                               "): let TMPDIR name one that can be written.");
    return {named, "/tmp", "/dev/shm"};
}

/// The first one that this user may write to.
fs::path usableOf(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders)
        if (::eaccess(folder.c_str(), W_OK | X_OK) == 0)
            return folder;
    throw Error(ErrorCode::fileAccess, "There is no folder for temporary files that this user may "
                                       "write to: let TMPDIR name one.");
}

/// Folders that commands of this user left which were killed: a copy holds hashes of passwords. One
/// in use is locked, or empty yet.
void removeOldWorkFolders(const fs::path& temporary) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(temporary, error)) {
        struct ::stat status {};
        const fs::path& path = entry.path();
        if (!path.filename().string().starts_with(workBeginning) ||
            ::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
            status.st_uid != ::geteuid() || fs::is_empty(path, error))
            continue;
        try {
            if (os::tryLockFolder(path))
                fs::remove_all(path, error);
        } catch (const Error&) {
            continue; // another command has removed it
        }
    }
}

} // namespace

WorkFolder::WorkFolder() {
    const std::vector<fs::path> folders = temporaryFolders();
    for (const fs::path& folder : folders)
        removeOldWorkFolders(folder);
    std::string name = (usableOf(folders) / std::string(workBeginning).append("XXXXXX")).string();
    if (!::mkdtemp(name.data()))
        throw os::fileError("cannot make", name, errno);
    path_ = name;
    lock_ = os::tryLockFolder(path_);
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

} // namespace gatefold::store
