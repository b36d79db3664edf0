#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gatefold::vision {

/// Brightness of a picture, row by row without gaps: all that barcodes need.
struct GrayImage {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

/// Reads a JPEG or PNG file as it is stored (the orientation that a camera notes is not applied:
/// codes are read in any). Throws Error `malformed` (another format, damaged, cut off) or
/// `tooLarge` (before anything of that size is allocated).
GrayImage decodeImage(std::span<const unsigned char> bytes);

/// The same for files known to be JPEG or PNG.
GrayImage decodeJpeg(std::span<const unsigned char> bytes);
GrayImage decodePng(std::span<const unsigned char> bytes);

/// A picture in colours: red, green and blue for each pixel, row by row without gaps.
struct ColourImage {
    int width = 0, height = 0;
    int orientation = 1; ///< as EXIF numbers them: 1 is upright, 6 has its top on the right side
    std::vector<std::uint8_t> pixels;
};

/// Reads a JPEG or PNG file in its colours, not yet turned. A large JPEG is decoded smaller, with
/// at least twice `edge_px` on its longer edge. Throws as `decodeImage` does.
ColourImage decodeColours(std::span<const unsigned char> bytes, int edge_px);

/// The same for files known to be JPEG or PNG.
ColourImage decodeJpegColours(std::span<const unsigned char> bytes, int edge_px);
ColourImage decodePngColours(std::span<const unsigned char> bytes);

/// The orientation that a camera noted in a JPEG's APP1 segment (EXIF 2.32, tag 0x0112), else 1.
int exifOrientation(std::span<const unsigned char> segment) noexcept;

/// Throws Error `malformed` for an empty picture, `tooLarge` above 50 megapixels.
void requireSize(std::uint64_t width, std::uint64_t height);

/// An image of this size, not yet drawn. Throws Error `malformed` when empty, `tooLarge` above 50
/// megapixels.
GrayImage blankImage(std::uint64_t width, std::uint64_t height);

} // namespace gatefold::vision
