#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>
#include <optional>

namespace gatefold::os {

/// Makes `file` (0640) where it is missing and takes an exclusive flock on it; nothing when another
/// process has it. The kernel gives the lock back when the descriptor closes, however the process
/// ends. Throws Error `diskFull`, `notFound` or `unavailable`.
std::optional<FileDescriptor> tryLock(const std::filesystem::path& file);

} // namespace gatefold::os
