#pragma once

#include <filesystem>

namespace gatefold::os {

/// Whether a folder is on a file system that is mounted read-only, as the kernel leaves one with
/// errors; false where nobody can tell.
bool isReadOnly(const std::filesystem::path& folder) noexcept;

} // namespace gatefold::os
