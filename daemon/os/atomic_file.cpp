#include "os/atomic_file.hpp"

#include "os/file_descriptor.hpp"
#include "os/file_error.hpp"
#include "os/owner.hpp"
#include "os/write_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <system_error>

namespace gatefold::os {
namespace {

namespace fs = std::filesystem;

constexpr const char* cannotWrite = "cannot write";

fs::path folderOf(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// Removes a temporary file; the rename has taken the name away where all went well.
struct RemovedAtEnd {
    const std::string& name;
    ~RemovedAtEnd() { ::unlink(name.c_str()); }
};

/// Replaces `file` with what `fill` writes.
void placeAtomically(const fs::path& file, unsigned mode,
                     const std::function<void(const FileDescriptor&)>& fill) {
    std::string name = (folderOf(file) / ("." + file.filename().string() + ".XXXXXX")).string();
    const FileDescriptor fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd)
        throw fileError(cannotWrite, file, errno);
    const RemovedAtEnd temporary{name};
    fill(fd);
    if (::fchmod(fd.get(), mode) != 0)
        throw fileError(cannotWrite, file, errno);
    replaceFile(name, file);
}

/// Why there can be no folder of a name that is in use.
Error inTheWay(const fs::path& folder) {
    std::error_code error;
    const bool link = fs::is_symlink(fs::symlink_status(folder, error));
    return {ErrorCode::fileAccess,
            folder.string() + (link ? " is a link to no folder: make that one, or remove the link"
                                    : " is no folder: move it away")};
}

} // namespace

fs::path unfinishedName(const fs::path& file) {
    return file.parent_path() / ("." + file.filename().string() + std::string(hiddenEnding));
}

void syncFile(const fs::path& file) {
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
        throw fileError(cannotWrite, file, errno);
}

void syncFolder(const fs::path& folder) {
    const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // EINVAL: a file system (of a network share) that has no such call writes names at once.
    if (!fd || (::fsync(fd.get()) != 0 && errno != EINVAL))
        throw fileError(cannotWrite, folder, errno);
}

void makeFolder(const fs::path& folder, unsigned mode) {
    if (::mkdir(folder.c_str(), mode) == 0) {
        const FileDescriptor made(
            ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        giveToOwner(made.get(), folderOf(folder));
        return syncFolder(folderOf(folder));
    }
    const int problem = errno; // the next call has one of its own
    std::error_code error;
    if (fs::is_directory(folder, error))
        return;
    if (problem != ENOENT || fs::is_directory(folderOf(folder), error))
        throw problem == EEXIST ? inTheWay(folder) : fileError("cannot make", folder, problem);
    makeFolder(folderOf(folder));
    makeFolder(folder, mode);
}

void replaceFile(const fs::path& written, const fs::path& file) {
    syncFile(written);
    if (::rename(written.c_str(), file.c_str()) != 0)
        throw fileError(cannotWrite, file, errno);
    syncFolder(folderOf(file));
}

void writeAtomically(const fs::path& file, std::string_view bytes, unsigned mode) {
    placeAtomically(file, mode, [&](const FileDescriptor& made) { writeBytes(made, bytes, file); });
}

void copyAtomically(const fs::path& from, const fs::path& file, unsigned mode) {
    const FileDescriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!source)
        throw fileError("cannot read", from, errno);
    placeAtomically(file, mode,
                    [&](const FileDescriptor& made) { copyBytes(source, from, made, file); });
}

} // namespace gatefold::os
