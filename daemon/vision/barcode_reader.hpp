#pragma once

#include "drivers/vision_link/protocol.hpp"

#include <cstdint>
#include <optional>

namespace gatefold::vision {

/// Brightness that somebody else owns.
struct GrayView {
    const std::uint8_t* pixels;
    int width, height;
    int stride; ///< bytes from one row to the next
};

/// One EAN, UPC, QR or Code 128 symbol in the picture, in any of four orientations, or nothing.
/// Text is UTF-8 of at most 8 KB. Any thread.
std::optional<vision_link::WireCode> readBarcode(const GrayView& image);

} // namespace gatefold::vision
