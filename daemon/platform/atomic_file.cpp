#include "platform/atomic_file.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "platform/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace gatefold::platform {
namespace {

constexpr std::size_t longestSecret = 4096;

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& file) {
    const int code = errno;
    const std::string message =
        what + " " + file.string() + ": " + std::generic_category().message(code);
    if (code == ENOSPC || code == EDQUOT)
        throw Error(ErrorCode::diskFull, message);
    throw Error(code == ENOENT ? ErrorCode::notFound : ErrorCode::unavailable, message);
}

void writeAll(int fd, std::string_view bytes, const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            fail("cannot write", file);
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// Takes the temporary file away unless it became the real one.
struct Litter {
    std::string path;
    ~Litter() {
        if (!path.empty())
            ::unlink(path.c_str());
    }
};

} // namespace

void writeAtomically(const std::filesystem::path& file, std::string_view bytes, unsigned mode) {
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
    Litter litter{(folder / ("." + file.filename().string() + ".XXXXXX")).string()};
    const FileDescriptor fd(::mkostemp(litter.path.data(), O_CLOEXEC));
    if (!fd) {
        litter.path.clear();
        fail("cannot write", file);
    }
    writeAll(fd.get(), bytes, file);
    if (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0 ||
        ::rename(litter.path.c_str(), file.c_str()) != 0)
        fail("cannot write", file);
    litter.path.clear();
    const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0)
        fail("cannot write", folder);
}

std::string readFile(const std::filesystem::path& file, std::size_t most_bytes) {
    const FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd)
        fail("cannot read", file);
    std::string bytes;
    char part[65536];
    while (true) {
        const ssize_t length = ::read(fd.get(), part, sizeof part);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            fail("cannot read", file);
        if (length == 0)
            return bytes;
        bytes.append(part, static_cast<std::size_t>(length));
        if (bytes.size() > most_bytes)
            throw Error(ErrorCode::tooLarge,
                        file.string() + " is larger than " + std::to_string(most_bytes) + " bytes");
    }
}

std::string readSecret(const std::filesystem::path& file) {
    std::string secret(trimmed(readFile(file, longestSecret)));
    if (secret.empty())
        throw Error(ErrorCode::configuration, "the secret's file " + file.string() + " is empty");
    return secret;
}

} // namespace gatefold::platform
