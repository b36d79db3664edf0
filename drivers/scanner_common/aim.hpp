#pragma once

#include "core/gtin.hpp"

#include <cstddef>
#include <string_view>

namespace gatefold::drivers {

/// The longest code that any scanner delivers; what comes after it is thrown away up to the code's
/// end.
inline constexpr std::size_t maxCodeBytes = 4096;

/// Letters that ISO/IEC 15424 gives a meaning: `]` + letter + modifier is an AIM symbology
/// identifier.
bool isAim(std::string_view text);

/// What an AIM identifier ("]E0") says about `code`. ]E0 stands for EAN-13, UPC-A and UPC-E, which
/// only the length tells apart.
Symbology symbologyOfAim(std::string_view aim, std::string_view code);

/// A code without its AIM identifier.
struct AimSplit {
    std::string_view text;
    Symbology symbology = Symbology::unknown;
};

/// Takes an AIM identifier off a code that came over a channel without a field for it (keyboard,
/// serial line). Only in front of six or more digits: other texts may begin like one.
AimSplit splitAim(std::string_view code);

/// True for a code whose AIM identifier says GS1 (FNC1 first: ]C1 ]d2 ]Q3 ]e0), that is longer than
/// a single GTIN element (01 and 14 digits), and in which no GS stands: where its parts end is
/// lost.
bool lostItsSeparators(std::string_view code);

/// Without the carriage returns, line feeds and tabs at the end that a scanner adds.
std::string_view withoutEndKeys(std::string_view code);

/// The first 4,096 bytes, never ending inside a UTF-8 sequence.
std::string_view withinBound(std::string_view code);

} // namespace gatefold::drivers
