#pragma once

#include "os/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string_view>

namespace gatefold::os {

/// Appends `bytes` to an open file. Errors name it `named`. Throws Error as fileError.
void writeBytes(const FileDescriptor& file, std::string_view bytes,
                const std::filesystem::path& named);

/// Appends the bytes of `from`, from its start on and at most `at_most`, to `to`. Errors name
/// `from_named` and `to_named`. Throws Error as fileError.
void copyBytes(const FileDescriptor& from, const std::filesystem::path& from_named,
               const FileDescriptor& to, const std::filesystem::path& to_named,
               std::int64_t at_most = std::numeric_limits<std::int64_t>::max());

} // namespace gatefold::os
