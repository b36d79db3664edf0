#pragma once

#include "vision/image.hpp"

#include <ZXing/BarcodeFormat.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Pictures drawn by the tests themselves.
namespace gatefold::test {

inline std::span<const unsigned char> bytesOf(const std::string& text) {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// A symbol in black on a light page of this size, its bars or modules `module` pixels wide, in the
/// middle.
vision::GrayImage page(ZXing::BarcodeFormat format, const std::string& text, int width = 640,
                       int height = 480, int module = 3);
/// A page without a code.
vision::GrayImage emptyPage(int width = 640, int height = 480);
/// The page turned clockwise about its middle; what comes into view is light.
vision::GrayImage turned(const vision::GrayImage& image, double degrees);

std::string jpeg(const vision::GrayImage& image);
std::string progressiveJpeg(const vision::GrayImage& image);
/// One colour all over, in inks of 0 to 255 (cyan, magenta, yellow, black), as Adobe's programs
/// write it.
std::string cmykJpeg(int width, int height, const std::array<std::uint8_t, 4>& inks);
std::string png(const vision::GrayImage& image);
/// Packed 4:2:2 without colour.
std::string yuyv(const vision::GrayImage& image);

} // namespace gatefold::test
