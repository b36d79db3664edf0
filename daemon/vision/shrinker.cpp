#include "vision/shrinker.hpp"

#include "vision/answers.hpp"

#include "core/error.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace gatefold::vision {

namespace {

using Size = vision_link::Shrink::Size;

constexpr std::array qualities{85, 75, 60, 45, 30, 15};

/// What brings a picture upright, by EXIF's numbers from 1: rows and columns exchanged, then
/// mirrored (0: top to bottom, 1: left to right, -1: both).
struct Turn {
    bool transposed;
    std::optional<int> mirrored;
};
constexpr std::array<Turn, 8> turns{{{false, std::nullopt},
                                     {false, 1},
                                     {false, -1},
                                     {false, 0},
                                     {true, std::nullopt},
                                     {true, 1},
                                     {true, -1},
                                     {true, 0}}};

cv::Mat upright(const cv::Mat& picture, int orientation) {
    const Turn& turn = turns.at(static_cast<std::size_t>(orientation - 1));
    cv::Mat turned = picture;
    if (turn.transposed)
        cv::transpose(picture, turned);
    if (turn.mirrored)
        cv::flip(turned, turned, *turn.mirrored);
    return turned;
}

cv::Mat smaller(const cv::Mat& picture, int edge_px) {
    const int longer = std::max(picture.cols, picture.rows);
    if (longer <= edge_px)
        return picture;
    const double scale = static_cast<double>(edge_px) / longer;
    const auto scaled = [&](int edge) {
        return std::max(1, static_cast<int>(std::lround(edge * scale)));
    };
    cv::Mat result;
    cv::resize(picture, result, {scaled(picture.cols), scaled(picture.rows)}, 0, 0, cv::INTER_AREA);
    return result;
}

std::string withinBytes(const cv::Mat& picture, std::int32_t most_bytes) {
    const cv::Mat whole = picture.isContinuous() ? picture : picture.clone();
    const ColourImage image{whole.cols, whole.rows, 1,
                            std::vector<std::uint8_t>(whole.data, whole.data + whole.total() * 3)};
    for (const int quality : qualities) {
        std::string file = encodeJpeg(image, quality);
        if (file.size() <= static_cast<std::size_t>(most_bytes))
            return file;
    }
    throw Error(ErrorCode::malformed, "the picture cannot be made small enough");
}

void requireBounded(const std::vector<Size>& sizes) {
    const bool bounded = !sizes.empty() && sizes.size() <= mostSizes &&
                         std::all_of(sizes.begin(), sizes.end(), [](const Size& size) {
                             return size.edge_px >= smallestEdge_px &&
                                    size.edge_px <= largestEdge_px && size.most_bytes > 0;
                         });
    if (!bounded)
        throw Error(ErrorCode::malformed, "these sizes cannot be made");
}

} // namespace

std::vector<std::string> shrink(std::span<const unsigned char> file,
                                const std::vector<Size>& sizes) {
    requireBounded(sizes);
    const int largest =
        std::max_element(sizes.begin(), sizes.end(), [](const Size& a, const Size& b) {
            return a.edge_px < b.edge_px;
        })->edge_px;
    ColourImage image = decodeColours(file, largest);
    const cv::Mat stored(image.height, image.width, CV_8UC3, image.pixels.data());
    // Turned once it is small: that needs no second picture of full size.
    const cv::Mat base = upright(smaller(stored, 2 * largest), image.orientation);
    std::vector<std::string> files;
    files.reserve(sizes.size());
    for (const Size& size : sizes)
        files.push_back(withinBytes(smaller(base, size.edge_px), size.most_bytes));
    return files;
}

vision_link::Message answerShrink(const vision_link::Shrink& job) noexcept {
    return answerOrRefuse([&] {
        const auto* bytes = reinterpret_cast<const unsigned char*>(job.bytes.data());
        return vision_link::Pictures{shrink({bytes, job.bytes.size()}, job.sizes)};
    });
}

} // namespace gatefold::vision
