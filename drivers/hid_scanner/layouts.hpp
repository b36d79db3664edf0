#pragma once

#include "drivers/hid_scanner/keyboard_report.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gatefold::drivers {

/// What one key gives on a layout; 0 = nothing. `dead` marks levels (bit 0 plain, 1 shift, 2 AltGr)
/// that wait for a letter.
struct KeyRow {
    std::uint8_t usage;
    char32_t plain;
    char32_t shift;
    char32_t alt_gr = 0;
    std::uint8_t dead = 0;
};

/// A country's keyboard: rows that differ from `us`, which stands for all keys not listed.
struct Layout {
    std::string_view name;
    std::span<const KeyRow> rows;
};

/// The layouts that are known: us uk de fr dk no se es it.
std::span<const Layout> layouts();
/// The layout of that name, or null.
const Layout* findLayout(std::string_view name);

/// What the strokes say on a layout, as UTF-8. Keys 1E-27 alone, all with Shift or all without, and
/// keypad digits are digits on every layout. Ctrl + key is the control character, ALT codes are
/// themselves; a key without meaning becomes U+FFFD, so that such a code never passes for another
/// one. Lock keys say nothing.
std::string textOf(std::span<const Stroke> strokes, const Layout& layout);

} // namespace gatefold::drivers
