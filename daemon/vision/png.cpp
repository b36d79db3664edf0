#include "vision/image.hpp"

#include "core/error.hpp"

#include <png.h>

#include <algorithm>
#include <cstdint>

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

/// A big-endian number of the IHDR chunk, which is always the first (PNG, 11.2.2).
std::uint32_t numberAt(std::span<const unsigned char> bytes, std::size_t offset) {
    std::uint32_t number = 0;
    for (const unsigned char byte : bytes.subspan(offset, 4))
        number = number << 8 | byte;
    return number;
}

/// libpng takes sides beyond its own bound for damage.
void readHeader(Reader& reader, std::span<const unsigned char> bytes) {
    constexpr std::size_t widthAt = 16, heightAt = 20, end = 24;
    if (bytes.size() >= end &&
        std::max(numberAt(bytes, widthAt), numberAt(bytes, heightAt)) > PNG_USER_WIDTH_MAX)
        throw Error(ErrorCode::tooLarge, "a side of a PNG photo has at most 1,000,000 pixels");
    if (!png_image_begin_read_from_memory(&reader.image, bytes.data(), bytes.size()))
        refuse();
}

} // namespace

GrayImage decodePng(std::span<const unsigned char> bytes) {
    Reader reader;
    readHeader(reader, bytes);
    GrayImage image = blankImage(reader.image.width, reader.image.height);
    reader.image.format = PNG_FORMAT_GRAY;
    const png_color white{255, 255, 255}; // behind what is transparent: paper
    if (!png_image_finish_read(&reader.image, &white, image.pixels.data(), image.width, nullptr))
        refuse();
    return image;
}

ColourImage decodePngColours(std::span<const unsigned char> bytes) {
    Reader reader;
    readHeader(reader, bytes);
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
