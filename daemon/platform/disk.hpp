#pragma once

#include <cstdint>
#include <filesystem>

namespace gatefold::platform {

/// Bytes that this process may still write where `folder` lies. Throws Error `fileAccess` when the
/// folder cannot be asked.
std::uint64_t freeBytes(const std::filesystem::path& folder);

} // namespace gatefold::platform
