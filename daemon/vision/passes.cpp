#include "vision/passes.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace gatefold::vision {

namespace {

/// What a pass makes of a picture, and how its points go back to where they were.
struct View {
    cv::Mat pixels;
    cv::Matx23d back = cv::Matx23d(1, 0, 0, 0, 1, 0);
};

/// A pass draws at most so many pixels more than the picture has: time and memory of a small box.
constexpr double maxDrawnPixels = 8e6;
constexpr double leastGain = 1.2; // enlarging by less shows nothing new

View plain(const cv::Mat& image) {
    return {image, View().back};
}

View evened(const cv::Mat& image) {
    View view;
    cv::createCLAHE(2.0, {8, 8})->apply(image, view.pixels);
    return view;
}

/// Turned about the middle and scaled, on a white canvas that holds all of it.
View turned(const cv::Mat& image, double degrees, double scale, int interpolation) {
    const double angle = degrees * std::numbers::pi / 180;
    const double c = std::abs(std::cos(angle)), s = std::abs(std::sin(angle));
    const double width = (image.cols * c + image.rows * s) * scale,
                 height = (image.cols * s + image.rows * c) * scale;
    cv::Matx23d there =
        cv::getRotationMatrix2D({image.cols / 2.0F, image.rows / 2.0F}, degrees, scale);
    there(0, 2) += (width - image.cols) / 2;
    there(1, 2) += (height - image.rows) / 2;
    View view;
    cv::warpAffine(
        image, view.pixels, there,
        cv::Size(static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height))),
        interpolation, cv::BORDER_CONSTANT, cv::Scalar(255));
    cv::invertAffineTransform(there, view.back);
    return view;
}

/// The factor by which a picture may grow, at most `wanted`.
double growth(const cv::Mat& image, double wanted) {
    return std::min(wanted, std::sqrt(maxDrawnPixels / static_cast<double>(image.total())));
}

View turned45(const cv::Mat& image) {
    return turned(image, 45, growth(image, 1), cv::INTER_LINEAR);
}
View turnedBack45(const cv::Mat& image) {
    return turned(image, -45, growth(image, 1), cv::INTER_LINEAR);
}

/// Nothing when the picture has enough pixels already.
std::optional<View> enlarged(const cv::Mat& image) {
    const double factor = growth(image, 2);
    if (factor < leastGain)
        return std::nullopt;
    View view;
    cv::resize(image, view.pixels, {}, factor, factor, cv::INTER_CUBIC);
    view.back = cv::Matx23d(1 / factor, 0, 0, 0, 1 / factor, 0);
    return view;
}

void sharpen(cv::Mat& image, double amount) {
    cv::Mat blurred;
    cv::GaussianBlur(image, blurred, {}, 2);
    cv::addWeighted(image, 1 + amount, blurred, -amount, 0, image);
}

std::optional<View> enlargedInBlackAndWhite(const cv::Mat& image) {
    auto view = enlarged(image);
    if (view)
        cv::adaptiveThreshold(view->pixels, view->pixels, 255, cv::ADAPTIVE_THRESH_MEAN_C,
                              cv::THRESH_BINARY, 31, 5);
    return view;
}

template <int amount>
std::optional<View> enlargedAndSharpened(const cv::Mat& image) {
    auto view = enlarged(image);
    if (view)
        sharpen(view->pixels, amount);
    return view;
}

std::optional<View> enlargedAndTurned15(const cv::Mat& image) {
    const double factor = growth(image, 2);
    if (factor < leastGain)
        return std::nullopt;
    return turned(image, 15, factor, cv::INTER_CUBIC);
}

template <View (*draw)(const cv::Mat&)>
std::optional<View> always(const cv::Mat& image) {
    return draw(image);
}

constexpr std::array<std::optional<View> (*)(const cv::Mat&), passCount> passes{
    always<plain>,           always<evened>,          always<turnedBack45>,    always<turned45>,
    enlargedInBlackAndWhite, enlargedAndSharpened<4>, enlargedAndSharpened<2>, enlargedAndTurned15,
};

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
    const auto view = passes.at(pass)(picture);
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
