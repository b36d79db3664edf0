#pragma once

#include "vision/barcode_reader.hpp"
#include "vision/image.hpp"

#include <cstddef>
#include <optional>

namespace gatefold::vision {

/// Ways to look at a picture, in the order in which each adds most to those before it (measured on
/// 706 photographs): plain, contrast evened out (CLAHE), turned by 45 degrees, enlarged and
/// sharpened. The first two are cheap enough for every frame.
inline constexpr std::size_t passCount = 8;
inline constexpr std::size_t quickPasses = 2;

/// Looks once, in way `pass` (below `passCount`). Corners are those of `image`. Any thread.
std::optional<vision_link::WireCode> lookAt(const GrayImage& image, std::size_t pass);

} // namespace gatefold::vision
