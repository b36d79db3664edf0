#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>
#include <optional>

namespace gatefold::os {

/// Makes `file` (0640) where it is missing and takes an exclusive flock on it; nothing when another
/// process has it. The kernel gives the lock back when the descriptor closes, however the process
/// ends. Throws Error `diskFull`, `notFound` or `fileAccess`.
std::optional<FileDescriptor> tryLock(const std::filesystem::path& file);

/// The same lock on a folder itself: nothing is made, so a full disk is no hindrance.
std::optional<FileDescriptor> tryLockFolder(const std::filesystem::path& folder);

/// A shared flock on a folder: while somebody has it, tryLockFolder gives nothing. Waits while
/// another process has the exclusive one.
FileDescriptor shareFolder(const std::filesystem::path& folder);

} // namespace gatefold::os
