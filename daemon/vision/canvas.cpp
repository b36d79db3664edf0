#include "vision/canvas.hpp"

#include "vision/barcode_reader.hpp"

#include "drivers/vision_link/limits.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gatefold::vision {

namespace {

constexpr double leastGain = 1.2; // enlarging by less shows nothing new
/// A strip's canvas is mostly empty; one that shrinks the strip further than this is not drawn.
constexpr double leastShare = 0.75;
constexpr int maxTurnedSide = 32'766; // OpenCV turns no longer ones

double factorFor(double pixels, std::uint64_t limit) {
    return std::sqrt(static_cast<double>(limit) / pixels);
}

int drawn(double side) {
    return std::max(1, static_cast<int>(std::ceil(side)));
}

} // namespace

std::optional<Canvas> planCanvas(int width, int height, double degrees, double wanted) {
    const double angle = degrees * std::numbers::pi / 180;
    const double c = std::abs(std::cos(angle)), s = std::abs(std::sin(angle));
    const double across = width * c + height * s, down = width * s + height * c;
    const double grown = std::min(
        wanted, factorFor(static_cast<double>(width) * height, vision_link::maxEnlargedPixels));
    if (wanted > 1 && grown < leastGain)
        return std::nullopt;
    // A little less than the limit: both sides are rounded up.
    const double scale =
        std::min(grown, 0.999 * factorFor(across * down, vision_link::maxCanvasPixels));
    const Canvas canvas{scale, drawn(across * scale), drawn(down * scale)};
    const int longest = std::max({width, height, canvas.width, canvas.height});
    if (scale < leastShare * grown || longest > (degrees == 0 ? maxReadSide : maxTurnedSide))
        return std::nullopt;
    return canvas;
}

} // namespace gatefold::vision
