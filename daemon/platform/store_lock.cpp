#include "platform/store_lock.hpp"

#include "core/error.hpp"
#include "os/file_error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>

namespace gatefold::platform {
namespace {

std::filesystem::path lockFile(const std::filesystem::path& store) {
    return store / "gatefold.lock";
}

/// What the caller can do about it.
std::string adviceFor(int code) {
    switch (code) {
    case ENOSPC:
    case EDQUOT: return "make room on its disk";
    case EIO: return "its disk is failing";
    case EROFS: return "its disk is mounted read-only; name another one as store.path";
    case ENOTDIR:
        return "it or a folder above it is a file, name the folder in which gatefold.db lies";
    case EFBIG: return "the limit of the size of a file is too low (`ulimit -f`)";
    case EMFILE:
    case ENFILE: return "the limit of open files is too low (`ulimit -n`)";
    default: return "make it writable for this user, or name another one as store.path";
    }
}

[[noreturn]] void refuse(const std::filesystem::path& store, int code) {
    throw Error(os::fileErrorCode(code),
                "the data folder " + store.string() + " cannot be written (" +
                    std::generic_category().message(code) + "): " + adviceFor(code));
}

void makeFolder(const std::filesystem::path& store) {
    std::error_code error;
    if (std::filesystem::is_directory(store, error))
        return;
    if (store.has_parent_path())
        std::filesystem::create_directories(store.parent_path(), error);
    if (::mkdir(store.c_str(), 0750) != 0 && errno != EEXIST)
        refuse(store, errno);
}

void writeHolder(int file, const std::filesystem::path& store) {
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0 ||
        ::pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        refuse(store, errno);
}

} // namespace

std::optional<StoreLock> StoreLock::tryTake(const std::filesystem::path& store) {
    makeFolder(store);
    os::FileDescriptor file(
        ::open(lockFile(store).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!file)
        refuse(store, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return std::nullopt;
        refuse(store, errno);
    }
    writeHolder(file.get(), store);
    return StoreLock(std::move(file));
}

StoreLock::StoreLock(const std::filesystem::path& store) {
    std::optional<StoreLock> lock = tryTake(store);
    if (!lock) {
        const std::optional<pid_t> other = holder(store);
        throw Error(ErrorCode::conflict,
                    "the data folder " + store.string() + " is in use: held by " +
                        (other ? "pid " + std::to_string(*other) : "another process") +
                        "; stop that one first");
    }
    file_ = std::move(lock->file_);
}

bool StoreLock::isTaken(const std::filesystem::path& store) {
    const std::filesystem::path name = lockFile(store);
    const os::FileDescriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT)
        return false;
    if (!file)
        throw os::fileError("cannot read", name, errno);
    return ::flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

std::optional<pid_t> StoreLock::holder(const std::filesystem::path& store) {
    const os::FileDescriptor file(::open(lockFile(store).c_str(), O_RDONLY | O_CLOEXEC));
    char text[24] = {};
    const ssize_t length = file ? ::pread(file.get(), text, sizeof text, 0) : -1;
    pid_t pid = 0;
    if (length <= 0 || std::from_chars(text, text + length, pid).ec != std::errc() || pid <= 0)
        return std::nullopt;
    return pid;
}

} // namespace gatefold::platform
