#pragma once

#include "core/error.hpp"

#include <filesystem>
#include <string_view>

namespace gatefold::os {

/// What an errno of a file is: `diskFull` when the disk is full or failing, or a quota or limit of
/// file size is reached, `notFound` for a missing file or folder, else `fileAccess`.
ErrorCode fileErrorCode(int code);

/// The Error for an errno: "<what> <file>: <reason>".
Error fileError(std::string_view what, const std::filesystem::path& file, int code);

/// The same of what a function of std::filesystem threw.
Error fileError(const std::filesystem::filesystem_error& error);

} // namespace gatefold::os
