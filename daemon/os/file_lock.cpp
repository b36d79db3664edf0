#include "os/file_lock.hpp"

#include "os/file_error.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace gatefold::os {

std::optional<FileDescriptor> tryLock(const std::filesystem::path& file) {
    FileDescriptor fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!fd)
        throw fileError("cannot open", file, errno);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    throw fileError("cannot lock", file, errno);
}

} // namespace gatefold::os
