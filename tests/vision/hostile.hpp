#pragma once

#include "vision/image.hpp"

#include <cstdint>
#include <string>

/// Pictures that cost more than they look, made by the tests themselves.
namespace gatefold::test {

/// How a PNG file stores its pixels.
struct PngForm {
    int depth = 8;
    int colours = 0; ///< 0 gray, 2 RGB, 3 palette, 6 RGB with alpha
    bool interlaced = false;
};

/// A whole PNG file of this size, all bits zero: a few hundred bytes a megapixel.
std::string flatPng(std::uint32_t width, std::uint32_t height, const PngForm& form = {});
/// A PNG file that says it has this size, with one row of data.
std::string pngBomb(std::uint32_t width, std::uint32_t height);
/// The JPEG file with the note of a camera that it is to be turned (EXIF orientation 1 to 8).
std::string withOrientation(const std::string& jpeg, char orientation);
/// The progressive JPEG file with its first scan `times` more at its end.
std::string withScansAgain(const std::string& jpeg, int times);
/// A page full of the square marks that a QR code has in three corners. A decoder tries all sets of
/// three, which takes minutes.
vision::GrayImage finderPatterns(int width, int height);

} // namespace gatefold::test
