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

/// ZXing counts the pixels of a row and of a column in 16 bits; 2.3 throws above that.
inline constexpr int maxReadSide = 65'535;

/// One EAN, UPC, QR or Code 128 symbol in the picture, in any of four orientations, or nothing. Of
/// a longer side the first `maxReadSide` pixels are read. Text is UTF-8 of at most 8 KB. Any
/// thread.
std::optional<vision_link::WireCode> readBarcode(const GrayView& image);

} // namespace gatefold::vision
