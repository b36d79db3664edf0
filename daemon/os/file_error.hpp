#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string_view>

namespace gatefold::os {

/// The Error for an errno: "<what> <file>: <reason>". `diskFull` when the disk is full, over its
/// quota or failing, `notFound` for a missing file or folder, else `fileAccess`.
Error fileError(std::string_view what, const std::filesystem::path& file, int code);

/// The same of what a function of std::filesystem threw.
Error fileError(const std::filesystem::filesystem_error& error);

} // namespace gatefold::os
