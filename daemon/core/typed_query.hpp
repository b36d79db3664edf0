#pragma once

#include "core/fields.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace gatefold {

/// As what a text that somebody typed is looked up.
enum class ReadAs { barcode, catno, runout, text };
template <>
struct EnumNames<ReadAs> {
    static constexpr std::array<std::pair<ReadAs, std::string_view>, 4> names{{
        {ReadAs::barcode, "barcode"},
        {ReadAs::catno, "catno"},
        {ReadAs::runout, "runout"},
        {ReadAs::text, "text"},
    }};
};

/// As what `typed` may be meant, likeliest first: "SD 8216" is a catalogue number, then a runout,
/// then text. Every reading that makes sense is there, because the catalogue decides: the first one
/// with exact hits is meant. Empty for text without a letter or digit.
std::vector<ReadAs> readingsOf(std::string_view typed);

} // namespace gatefold
