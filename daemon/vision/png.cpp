#include "vision/image.hpp"

#include "core/error.hpp"

#include <png.h>

namespace gatefold::vision {

namespace {

struct Reader {
    png_image image{};
    Reader() { image.version = PNG_IMAGE_VERSION; }
    ~Reader() { png_image_free(&image); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
};

[[noreturn]] void refuse() {
    throw Error(ErrorCode::malformed, "the PNG photo is damaged or cut off");
}

} // namespace

GrayImage decodePng(std::span<const unsigned char> bytes) {
    Reader reader;
    if (!png_image_begin_read_from_memory(&reader.image, bytes.data(), bytes.size()))
        refuse();
    GrayImage image = blankImage(reader.image.width, reader.image.height);
    reader.image.format = PNG_FORMAT_GRAY;
    const png_color white{255, 255, 255}; // behind what is transparent: paper
    if (!png_image_finish_read(&reader.image, &white, image.pixels.data(), image.width, nullptr))
        refuse();
    return image;
}

ColourImage decodePngColours(std::span<const unsigned char> bytes) {
    Reader reader;
    if (!png_image_begin_read_from_memory(&reader.image, bytes.data(), bytes.size()))
        refuse();
    requireSize(reader.image.width, reader.image.height);
    reader.image.format = PNG_FORMAT_RGB;
    ColourImage image{static_cast<int>(reader.image.width), static_cast<int>(reader.image.height),
                      1, std::vector<std::uint8_t>(PNG_IMAGE_SIZE(reader.image))};
    const png_color white{255, 255, 255};
    if (!png_image_finish_read(&reader.image, &white, image.pixels.data(), 0, nullptr))
        refuse();
    return image;
}

} // namespace gatefold::vision
