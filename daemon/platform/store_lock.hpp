#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>
#include <optional>
#include <sys/types.h>

namespace gatefold::platform {

/// The right to write to a store: an exclusive flock on `<store>/gatefold.lock`, given back by the
/// kernel however the process ends. The file holds the holder's process id for the message of
/// whoever comes second.
class StoreLock {
public:
    /// Takes the lock, making the folder (0750) when it is missing. Throws Error `conflict` naming
    /// the holder, or `fileAccess` with what to do when the folder cannot be made or written.
    explicit StoreLock(const std::filesystem::path& store);

    /// Takes the lock, or nothing when another process has it. Throws `fileAccess` as above.
    static std::optional<StoreLock> tryTake(const std::filesystem::path& store);

    /// Whether a process has the lock; asked without writing anything, also on a read-only file
    /// system. Throws `fileAccess` where the file of the lock may not be read.
    static bool isTaken(const std::filesystem::path& store);

    /// The process that has the lock, as far as the file tells.
    static std::optional<pid_t> holder(const std::filesystem::path& store);

private:
    explicit StoreLock(os::FileDescriptor file) noexcept : file_(std::move(file)) {}
    os::FileDescriptor file_;
};

} // namespace gatefold::platform
