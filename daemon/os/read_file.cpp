#include "os/read_file.hpp"

#include "core/text.hpp"
#include "os/file_descriptor.hpp"
#include "os/file_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace gatefold::os {
namespace {

constexpr std::size_t maxSecret = 4096;

FileDescriptor opened(const std::filesystem::path& file, int flags) {
    FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | flags));
    if (!fd)
        throw fileError("cannot read", file, errno);
    return fd;
}

std::string readAll(const FileDescriptor& fd, const std::filesystem::path& file,
                    std::size_t max_bytes) {
    std::string bytes;
    char part[65536];
    while (true) {
        const ssize_t length = ::read(fd.get(), part, sizeof part);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            throw fileError("cannot read", file, errno);
        if (length == 0)
            return bytes;
        bytes.append(part, static_cast<std::size_t>(length));
        if (bytes.size() > max_bytes)
            throw Error(ErrorCode::tooLarge,
                        file.string() + " is larger than " + std::to_string(max_bytes) + " bytes");
    }
}

} // namespace

std::string readFile(const std::filesystem::path& file, std::size_t max_bytes) {
    const FileDescriptor fd = opened(file, O_NONBLOCK);
    struct ::stat status {};
    if (::fstat(fd.get(), &status) == 0 && S_ISFIFO(status.st_mode))
        throw Error(ErrorCode::fileAccess,
                    "cannot read " + file.string() + ": it is a pipe, no file");
    return readAll(fd, file, max_bytes);
}

std::string readInput(const std::filesystem::path& file, std::size_t max_bytes) {
    return readAll(opened(file, 0), file, max_bytes);
}

std::string readSecret(const std::filesystem::path& file) {
    std::string secret(trimmed(readFile(file, maxSecret)));
    if (secret.empty())
        throw Error(ErrorCode::configuration, "the secret's file " + file.string() + " is empty");
    return secret;
}

} // namespace gatefold::os
