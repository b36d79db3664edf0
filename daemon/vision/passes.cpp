#include "vision/passes.hpp"

#include "vision/canvas.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>

namespace gatefold::vision {

namespace {

/// What a pass makes of a picture, and how its points go back to where they were.
struct View {
    cv::Mat pixels;
    cv::Matx23d back = cv::Matx23d(1, 0, 0, 0, 1, 0);
};

void even(cv::Mat& image) {
    cv::Mat evened;
    cv::createCLAHE(2.0, {8, 8})->apply(image, evened);
    image = evened;
}

void blackAndWhite(cv::Mat& image) {
    cv::adaptiveThreshold(image, image, 255, cv::ADAPTIVE_THRESH_MEAN_C, cv::THRESH_BINARY, 31, 5);
}

template <int amount>
void sharpen(cv::Mat& image) {
    cv::Mat blurred;
    cv::GaussianBlur(image, blurred, {}, 2);
    cv::addWeighted(image, 1 + amount, blurred, -amount, 0, image);
}

/// One way of looking: turned and enlarged as `planCanvas` allows, then `finish`ed.
struct Pass {
    double degrees, growth;
    void (*finish)(cv::Mat&);
};

constexpr std::array<Pass, passCount> passes{{
    {0, 1, nullptr},
    {0, 1, even},
    {-45, 1, nullptr},
    {45, 1, nullptr},
    {0, 2, blackAndWhite},
    {0, 2, sharpen<4>},
    {0, 2, sharpen<2>},
    {15, 2, nullptr},
}};

View enlarged(const cv::Mat& image, const Canvas& canvas) {
    View view;
    cv::resize(image, view.pixels, {canvas.width, canvas.height}, 0, 0, cv::INTER_CUBIC);
    view.back = cv::Matx23d(1 / canvas.scale, 0, 0, 0, 1 / canvas.scale, 0);
    return view;
}

/// Turned about the middle and scaled, on a white canvas that holds all of it.
View turned(const cv::Mat& image, double degrees, const Canvas& canvas) {
    cv::Matx23d there =
        cv::getRotationMatrix2D({image.cols / 2.0F, image.rows / 2.0F}, degrees, canvas.scale);
    there(0, 2) += (canvas.width - image.cols) / 2.0;
    there(1, 2) += (canvas.height - image.rows) / 2.0;
    View view;
    cv::warpAffine(image, view.pixels, there, {canvas.width, canvas.height},
                   canvas.scale > 1 ? cv::INTER_CUBIC : cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                   cv::Scalar(255));
    cv::invertAffineTransform(there, view.back);
    return view;
}

/// Nothing when the pass shows nothing new of a picture of this size.
std::optional<View> viewOf(const cv::Mat& image, const Pass& pass) {
    View view{image, View().back};
    if (pass.degrees != 0 || pass.growth != 1) {
        const auto canvas = planCanvas(image.cols, image.rows, pass.degrees, pass.growth);
        if (!canvas)
            return std::nullopt;
        view = pass.degrees == 0 ? enlarged(image, *canvas) : turned(image, pass.degrees, *canvas);
    }
    if (pass.finish)
        pass.finish(view.pixels);
    return view;
}

vision_link::WirePoint moved(const vision_link::WirePoint& point, const cv::Matx23d& back) {
    const cv::Vec2d there = back * cv::Vec3d(point.x, point.y, 1);
    return {static_cast<std::int32_t>(std::lround(there[0])),
            static_cast<std::int32_t>(std::lround(there[1]))};
}

} // namespace

std::optional<vision_link::WireCode> lookAt(const GrayImage& image, std::size_t pass) {
    // OpenCV has no read-only matrix; no pass writes into the picture it is given.
    const cv::Mat picture(image.height, image.width, CV_8UC1,
                          const_cast<std::uint8_t*>(image.pixels.data()));
    const auto view = viewOf(picture, passes.at(pass));
    if (!view)
        return std::nullopt;
    auto code = readBarcode({view->pixels.data, view->pixels.cols, view->pixels.rows,
                             static_cast<int>(view->pixels.step)});
    if (code)
        for (auto& corner : code->corners)
            corner = moved(corner, view->back);
    return code;
}

} // namespace gatefold::vision
