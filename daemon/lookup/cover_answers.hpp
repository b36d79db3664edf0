#pragma once

#include "ports/online_source.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Answers of the Cover Art Archive. No state, any thread.
namespace gatefold::lookup::coverart {

/// The path of the front picture in that size (or the next larger there is) in the answer to GET
/// /release/{mbid}; nothing when there is no front or it lies elsewhere. Throws Error `malformed`
/// for what is no such answer.
std::optional<std::string> frontPath(std::string_view body, CoverSize size);

/// What the bytes begin like: "image/jpeg", "image/png", "image/gif", "image/webp"; else nothing.
std::optional<std::string> imageType(std::string_view bytes);

} // namespace gatefold::lookup::coverart
