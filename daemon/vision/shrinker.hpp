#pragma once

#include "vision/image.hpp"

#include "drivers/vision_link/protocol.hpp"

#include <span>
#include <string>
#include <vector>

namespace gatefold::vision {

/// Bounds of a job.
inline constexpr std::size_t mostSizes = 8;
inline constexpr int smallestEdge_px = 16, largestEdge_px = 2000;

/// JPEG files of a picture, one of each size: upright, never larger than the picture, without the
/// notes of its camera, and with the best quality that the size's bytes allow. Throws Error as
/// `decodeImage` does, `malformed` for sizes out of bounds. Any thread.
std::vector<std::string> shrink(std::span<const unsigned char> file,
                                const std::vector<vision_link::Shrink::Size>& sizes);

/// Says what `shrink` made, or why it is refused.
vision_link::Message answerShrink(const vision_link::Shrink& job) noexcept;

/// The picture as a JPEG file (baseline, 4:2:0) of this quality, 1 to 100. Its edges are at most
/// 65,500 pixels.
std::string encodeJpeg(const ColourImage& image, int quality);

} // namespace gatefold::vision
