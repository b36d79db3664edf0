#include "vision/image.hpp"

#include "drivers/vision_link/limits.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gatefold::vision {

namespace {

using namespace std::string_view_literals;

struct Kind {
    std::size_t offset;
    std::string_view mark;
    GrayImage (*decode)(std::span<const unsigned char>);
    ColourImage (*decode_colours)(std::span<const unsigned char>, int edge_px);
    const char* refusal;
};

/// Known by their first bytes; those without a decoder are common enough on phones to be named.
constexpr std::array kinds{
    Kind{0, "\xFF\xD8\xFF"sv, decodeJpeg, decodeJpegColours, nullptr},
    Kind{0, "\x89PNG\r\n\x1A\n"sv, decodePng,
         [](std::span<const unsigned char> bytes, int) { return decodePngColours(bytes); },
         nullptr},
    Kind{4, "ftyp"sv, nullptr, nullptr,
         "HEIC, AVIF and video files are not read: send the photo as JPEG or PNG"},
    Kind{8, "WEBP"sv, nullptr, nullptr, "WebP is not read: send the photo as JPEG or PNG"},
    Kind{0, "GIF8"sv, nullptr, nullptr, "GIF is not read: send the photo as JPEG or PNG"},
};

const Kind& kindOf(std::span<const unsigned char> bytes) {
    if (bytes.size() > vision_link::maxPhotoBytes)
        throw Error(ErrorCode::tooLarge, "a photo has at most 25 MB");
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& each) {
        return text.size() > each.offset && text.substr(each.offset).starts_with(each.mark);
    });
    if (kind == kinds.end())
        throw Error(ErrorCode::malformed, "this is no JPEG or PNG photo");
    if (!kind->decode)
        throw Error(ErrorCode::malformed, kind->refusal);
    return *kind;
}

} // namespace

GrayImage decodeImage(std::span<const unsigned char> bytes) {
    return kindOf(bytes).decode(bytes);
}

ColourImage decodeColours(std::span<const unsigned char> bytes, int edge_px) {
    return kindOf(bytes).decode_colours(bytes, edge_px);
}

void requireSize(std::uint64_t width, std::uint64_t height) {
    if (width == 0 || height == 0)
        throw Error(ErrorCode::malformed, "the photo is empty");
    constexpr std::uint64_t most = vision_link::maxImagePixels;
    if (width > most || height > most || width * height > most)
        throw Error(ErrorCode::tooLarge, "a photo has at most 50 megapixels");
}

GrayImage blankImage(std::uint64_t width, std::uint64_t height) {
    requireSize(width, height);
    return {static_cast<int>(width), static_cast<int>(height),
            std::vector<std::uint8_t>(width * height)};
}

} // namespace gatefold::vision
