#include "vision/still_picture.hpp"

#include "vision/passes.hpp"

#include "core/error.hpp"

namespace gatefold::vision {

namespace {

/// Every second byte of packed 4:2:2 is luma. Nothing when bytes are missing.
std::optional<GrayImage> lumaOf(const Frame& frame) {
    const auto width = static_cast<std::size_t>(frame.width),
               height = static_cast<std::size_t>(frame.height);
    const auto stride = static_cast<std::size_t>(frame.stride);
    if (stride < 2 * width || frame.bytes.size() < stride * (height - 1) + 2 * width)
        return std::nullopt;
    GrayImage image = blankImage(width, height);
    for (std::size_t y = 0; y < height; ++y) {
        const unsigned char* row = frame.bytes.data() + y * stride;
        for (std::size_t x = 0; x < width; ++x)
            image.pixels[y * width + x] = row[2 * x];
    }
    return image;
}

std::optional<GrayImage> pictureOf(const Frame& frame) {
    try {
        if (frame.form == Frame::Form::image)
            return decodeImage(frame.bytes);
        return frame.width > 0 && frame.height > 0 ? lumaOf(frame) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt; // cameras do send broken frames; the next one comes at once
    }
}

} // namespace

std::optional<vision_link::WireCode> StillPicture::look(const Frame& frame, std::size_t pass) {
    if (frame.repeat == 0) {
        auto picture = pictureOf(frame);
        picture_ = picture ? std::move(*picture) : GrayImage();
    }
    if (picture_.pixels.empty())
        return std::nullopt;
    return lookAt(picture_, pass);
}

} // namespace gatefold::vision
