#include "os/file_lock.hpp"

#include "os/file_error.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace gatefold::os {

namespace {

FileDescriptor openFolder(const std::filesystem::path& folder) {
    return FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::optional<FileDescriptor> tryLockOpened(FileDescriptor fd, const std::filesystem::path& file) {
    if (!fd)
        throw fileError("cannot open", file, errno);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    throw fileError("cannot lock", file, errno);
}

} // namespace

std::optional<FileDescriptor> tryLock(const std::filesystem::path& file) {
    return tryLockOpened(
        FileDescriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640)),
        file);
}

std::optional<FileDescriptor> tryLockFolder(const std::filesystem::path& folder) {
    return tryLockOpened(openFolder(folder), folder);
}

FileDescriptor shareFolder(const std::filesystem::path& folder) {
    FileDescriptor fd = openFolder(folder);
    if (!fd)
        throw fileError("cannot open", folder, errno);
    while (::flock(fd.get(), LOCK_SH) != 0)
        if (errno != EINTR)
            throw fileError("cannot lock", folder, errno);
    return fd;
}

} // namespace gatefold::os
