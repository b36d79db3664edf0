#include "vision/shrinker.hpp"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

namespace gatefold::vision {

namespace {

/// The encoder with its output. libjpeg's own error handler ends the process: of pictures within
/// bounds nothing but the end of memory brings it there.
struct Encoder {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;

    Encoder() {
        info.err = jpeg_std_error(&errors);
        jpeg_create_compress(&info);
        jpeg_mem_dest(&info, &bytes, &size);
    }
    ~Encoder() {
        jpeg_destroy_compress(&info);
        std::free(bytes); // libjpeg took it with malloc
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;
};

} // namespace

std::string encodeJpeg(const ColourImage& image, int quality) {
    Encoder encoder;
    encoder.info.image_width = static_cast<JDIMENSION>(image.width);
    encoder.info.image_height = static_cast<JDIMENSION>(image.height);
    encoder.info.input_components = 3;
    encoder.info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder.info);
    jpeg_set_quality(&encoder.info, quality, TRUE);
    encoder.info.optimize_coding = TRUE;
    jpeg_start_compress(&encoder.info, TRUE);
    while (encoder.info.next_scanline < encoder.info.image_height) {
        auto* row =
            const_cast<JSAMPROW>(image.pixels.data() + encoder.info.next_scanline * std::size_t{3} *
                                                           static_cast<std::size_t>(image.width));
        jpeg_write_scanlines(&encoder.info, &row, 1);
    }
    jpeg_finish_compress(&encoder.info);
    return {reinterpret_cast<const char*>(encoder.bytes), encoder.size};
}

} // namespace gatefold::vision
