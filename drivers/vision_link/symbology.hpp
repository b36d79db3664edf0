#pragma once

#include "drivers/vision_link/protocol.hpp"

#include "core/gtin.hpp"

#include <array>

namespace gatefold::vision_link {

/// What a symbol's kind says about its digits.
constexpr Symbology symbologyOf(CodeFormat format) {
    constexpr std::array<Symbology, codeFormats> symbologies{Symbology::ean8,  Symbology::ean13,
                                                             Symbology::upcA,  Symbology::upcE,
                                                             Symbology::other, Symbology::other};
    return symbologies[static_cast<std::size_t>(format)];
}

/// True for the kinds whose text is a GTIN.
constexpr bool isRetail(CodeFormat format) {
    return symbologyOf(format) != Symbology::other;
}

} // namespace gatefold::vision_link
