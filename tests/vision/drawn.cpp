#include "drawn.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <jpeglib.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace gatefold::test {

namespace {

constexpr std::uint8_t light = 235, dark = 25;
constexpr int barHeight = 120;

std::uint8_t& at(vision::GrayImage& image, int x, int y) {
    return image.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                        static_cast<std::size_t>(x)];
}

/// `parts` bytes a pixel.
std::string jpegOf(int width, int height, const std::vector<std::uint8_t>& pixels, int parts,
                   J_COLOR_SPACE colours, bool progressive) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = static_cast<JDIMENSION>(width);
    info.image_height = static_cast<JDIMENSION>(height);
    info.input_components = parts;
    info.in_color_space = colours;
    jpeg_set_defaults(&info);
    if (progressive)
        jpeg_simple_progression(&info);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        auto* row = const_cast<JSAMPROW>(
            pixels.data() + info.next_scanline * static_cast<std::size_t>(width * parts));
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    std::string result(reinterpret_cast<char*>(bytes), size);
    std::free(bytes);
    return result;
}

} // namespace

vision::GrayImage emptyPage(int width, int height) {
    vision::GrayImage image =
        vision::blankImage(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height));
    std::fill(image.pixels.begin(), image.pixels.end(), light);
    return image;
}

vision::GrayImage page(ZXing::BarcodeFormat format, const std::string& text, int width, int height,
                       int module) {
    vision::GrayImage image = emptyPage(width, height);
    const auto matrix = ZXing::MultiFormatWriter(format).setMargin(0).encode(text, 0, 0);
    const int drawn_width = matrix.width() * module;
    const int drawn_height = format == ZXing::BarcodeFormat::QRCode
                                 ? matrix.height() * module
                                 : std::min(barHeight, height * 2 / 3);
    const int left = (width - drawn_width) / 2, top = (height - drawn_height) / 2;
    for (int y = 0; y < drawn_height; ++y)
        for (int x = 0; x < drawn_width; ++x)
            if (matrix.get(x / module, format == ZXing::BarcodeFormat::QRCode ? y / module : 0))
                at(image, left + x, top + y) = dark;
    return image;
}

vision::GrayImage turned(const vision::GrayImage& image, double degrees) {
    vision::GrayImage result = emptyPage(image.width, image.height);
    const double angle = degrees * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) {
            const double dx = x - image.width / 2.0, dy = y - image.height / 2.0;
            const int from_x = static_cast<int>(std::lround(image.width / 2.0 + c * dx + s * dy));
            const int from_y = static_cast<int>(std::lround(image.height / 2.0 - s * dx + c * dy));
            if (from_x >= 0 && from_y >= 0 && from_x < image.width && from_y < image.height)
                at(result, x, y) = at(const_cast<vision::GrayImage&>(image), from_x, from_y);
        }
    return result;
}

std::string jpeg(const vision::GrayImage& image) {
    return jpegOf(image.width, image.height, image.pixels, 1, JCS_GRAYSCALE, false);
}
std::string progressiveJpeg(const vision::GrayImage& image) {
    return jpegOf(image.width, image.height, image.pixels, 1, JCS_GRAYSCALE, true);
}
std::string cmykJpeg(int width, int height, const std::array<std::uint8_t, 4>& inks) {
    std::vector<std::uint8_t> pixels;
    for (int i = 0; i < width * height; ++i)
        for (const std::uint8_t ink : inks)
            pixels.push_back(static_cast<std::uint8_t>(255 - ink)); // Adobe's are inverted
    return jpegOf(width, height, pixels, 4, JCS_CMYK, false);
}

std::string png(const vision::GrayImage& image) {
    png_image info{};
    info.version = PNG_IMAGE_VERSION;
    info.width = static_cast<png_uint_32>(image.width);
    info.height = static_cast<png_uint_32>(image.height);
    info.format = PNG_FORMAT_GRAY;
    png_alloc_size_t size = 0;
    png_image_write_to_memory(&info, nullptr, &size, 0, image.pixels.data(), 0, nullptr);
    std::string bytes(size, '\0');
    png_image_write_to_memory(&info, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr);
    bytes.resize(size);
    return bytes;
}

std::string yuyv(const vision::GrayImage& image) {
    std::string bytes;
    bytes.reserve(2 * image.pixels.size());
    for (const std::uint8_t luma : image.pixels) {
        bytes += static_cast<char>(luma);
        bytes += static_cast<char>(128);
    }
    return bytes;
}

} // namespace gatefold::test
