#pragma once

#include <optional>

namespace gatefold::vision {

/// How a pass draws a picture anew: enlarged by `scale`, turned about the middle, on a canvas that
/// holds all of it.
struct Canvas {
    double scale = 1;
    int width = 0, height = 0;
    bool operator==(const Canvas&) const = default;
};

/// The canvas of a picture of this size (both at least 1) that is turned by `degrees` and should
/// grow by the factor `wanted`: a large picture grows less or shrinks, so that neither its pixels
/// exceed `maxEnlargedPixels` nor the canvas `maxCanvasPixels`. Nothing when the pass would show
/// nothing new: no room to enlarge, a strip so long that it had to shrink too far to be turned, or
/// a side longer than can be turned or read.
std::optional<Canvas> planCanvas(int width, int height, double degrees, double wanted);

} // namespace gatefold::vision
