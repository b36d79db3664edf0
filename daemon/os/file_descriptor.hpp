#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace gatefold::os {

/// Owns one descriptor of the kernel; -1 is none.
class FileDescriptor {
public:
    explicit FileDescriptor(int fd = -1) noexcept : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

/// No child process inherits the descriptor: for those that a library opens without O_CLOEXEC.
inline void closeOnExec(int fd) noexcept {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/// Opens /dev/null as standard input, output and error where the caller closed them, so that no
/// file or socket gets their numbers. For reading alone: what is written to a closed output fails.
/// To be called before anything is opened.
inline void openStandardDescriptors() noexcept {
    for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY))
        if (fd > STDERR_FILENO) {
            ::close(fd);
            return;
        }
}

} // namespace gatefold::os
