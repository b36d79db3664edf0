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

inline constexpr std::size_t maxImageBytes = 25'000'000;
inline constexpr std::uint64_t maxImagePixels = 50'000'000;

/// Reads a JPEG or PNG file as it is stored (the orientation that a camera notes is not applied:
/// codes are read in any). Throws Error `malformed` (another format, damaged, cut off) or
/// `tooLarge` (before anything of that size is allocated).
GrayImage decodeImage(std::span<const unsigned char> bytes);

/// The same for files known to be JPEG or PNG.
GrayImage decodeJpeg(std::span<const unsigned char> bytes);
GrayImage decodePng(std::span<const unsigned char> bytes);

/// An image of this size, not yet drawn. Throws Error `malformed` when empty, `tooLarge` above 50
/// megapixels.
GrayImage blankImage(std::uint64_t width, std::uint64_t height);

} // namespace gatefold::vision
