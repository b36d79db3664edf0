#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gatefold::platform {

/// Replaces `file` whole: a reader, or the box after a power cut, sees the old bytes or the new
/// ones. `mode` are the new file's permissions, whatever the umask. Throws Error `diskFull` or
/// `unavailable`, the old file untouched.
void writeAtomically(const std::filesystem::path& file, std::string_view bytes, unsigned mode);

/// The bytes of a file. Throws Error `notFound`, `tooLarge` beyond `most_bytes`, else
/// `unavailable`.
std::string readFile(const std::filesystem::path& file, std::size_t most_bytes);

/// A secret from its file: without the line end, at most 4 KiB. Throws as `readFile`, and
/// `configuration` when it is empty.
std::string readSecret(const std::filesystem::path& file);

} // namespace gatefold::platform
