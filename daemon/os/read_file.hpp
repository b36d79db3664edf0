#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace gatefold::os {

/// The bytes of a file. Throws Error `notFound`, `tooLarge` beyond `max_bytes`, else `fileAccess`,
/// also for a pipe.
std::string readFile(const std::filesystem::path& file, std::size_t max_bytes);

/// The same of what a person named for input; a pipe is waited for, to its end.
std::string readInput(const std::filesystem::path& file, std::size_t max_bytes);

/// A secret from its file: without the line end, at most 4 KiB. Throws as `readFile`, and
/// `configuration` when it is empty.
std::string readSecret(const std::filesystem::path& file);

} // namespace gatefold::os
