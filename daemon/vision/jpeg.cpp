#include "vision/image.hpp"

#include "core/error.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <optional>
#include <string>

#include <jpeglib.h>

#include <jerror.h>

namespace gatefold::vision {

namespace {

/// A progressive picture keeps all its coefficients, and may say the same pixels again and again.
constexpr long maxWorkingBytes = 256'000'000;
constexpr int maxScans = 100;

/// libjpeg's error handler leaves by longjmp: an exception may not cross its C frames.
struct Handler {
    jpeg_error_mgr base;
    std::jmp_buf exit;
    bool cut_off = false;
    bool too_large = false;
};

Handler& handlerOf(j_common_ptr info) {
    return *reinterpret_cast<Handler*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
    Handler& handler = handlerOf(info);
    const int code = info->err->msg_code;
    handler.too_large =
        code == JERR_NO_BACKING_STORE || code == JERR_OUT_OF_MEMORY || code == JERR_IMAGE_TOO_BIG;
    std::longjmp(handler.exit, 1);
}

void note(j_common_ptr info, int level) {
    const int code = info->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        handlerOf(info).cut_off = true;
}

void limitScans(j_common_ptr info) {
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > maxScans)
        leave(info);
}

/// The decoder with its settings and its destruction.
struct Decoder {
    jpeg_decompress_struct info{};
    Handler handler{};
    jpeg_progress_mgr progress{};

    Decoder() {
        info.err = jpeg_std_error(&handler.base);
        handler.base.error_exit = leave;
        handler.base.emit_message = note;
        handler.base.output_message = [](j_common_ptr) {};
        progress.progress_monitor = limitScans;
    }
    ~Decoder() { jpeg_destroy_decompress(&info); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;
};

/// The picture's size; false when the header cannot be read. No C++ object may live in the frames
/// that longjmp leaves.
bool readHeader(Decoder& decoder, std::span<const unsigned char> bytes) {
    if (setjmp(decoder.handler.exit) != 0)
        return false;
    jpeg_create_decompress(&decoder.info);
    decoder.info.progress = &decoder.progress;
    decoder.info.mem->max_memory_to_use = maxWorkingBytes;
    jpeg_mem_src(&decoder.info, bytes.data(), bytes.size());
    jpeg_read_header(&decoder.info, TRUE);
    return true;
}

/// Luma only: no colours are converted. False when the data cannot be read.
bool readPixels(Decoder& decoder, GrayImage& image) {
    if (setjmp(decoder.handler.exit) != 0)
        return false;
    decoder.info.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&decoder.info);
    while (decoder.info.output_scanline < decoder.info.output_height) {
        JSAMPROW row =
            image.pixels.data() + static_cast<std::size_t>(decoder.info.output_scanline) *
                                      static_cast<std::size_t>(image.width);
        jpeg_read_scanlines(&decoder.info, &row, 1);
    }
    return true;
}

void require(bool read, const Decoder& decoder) {
    if (decoder.handler.too_large)
        throw Error(ErrorCode::tooLarge, "the photo needs too much memory");
    if (!read)
        throw Error(ErrorCode::malformed, "the JPEG photo is damaged");
    if (decoder.handler.cut_off)
        throw Error(ErrorCode::malformed, "the JPEG photo is damaged or cut off");
}

} // namespace

GrayImage decodeJpeg(std::span<const unsigned char> bytes) {
    Decoder decoder;
    require(readHeader(decoder, bytes), decoder);
    GrayImage image = blankImage(decoder.info.image_width, decoder.info.image_height);
    require(readPixels(decoder, image), decoder);
    return image;
}

} // namespace gatefold::vision
