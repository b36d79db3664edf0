#include "vision/image.hpp"

#include "drivers/vision_link/limits.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <optional>
#include <string>

#include <jpeglib.h>

#include <jerror.h>

namespace gatefold::vision {

namespace {

/// A progressive picture keeps all its coefficients.
constexpr long maxWorkingBytes = 256'000'000;
constexpr int exifMarker = JPEG_APP0 + 1;
constexpr unsigned wholeScale = 8; ///< libjpeg decodes at eighths of a picture's size

struct Refusal {
    ErrorCode code;
    const char* message;
};
constexpr Refusal damaged{ErrorCode::malformed, "the JPEG photo is damaged"};
constexpr Refusal cutOff{ErrorCode::malformed, "the JPEG photo is damaged or cut off"};
constexpr Refusal tooMuchMemory{ErrorCode::tooLarge, "the photo needs too much memory"};
static_assert(JPEG_MAX_DIMENSION == 65'500);
constexpr Refusal tooLongASide{ErrorCode::tooLarge,
                               "a side of a JPEG photo has at most 65,500 pixels"};
constexpr Refusal tooManyScans{ErrorCode::tooLarge,
                               "this progressive JPEG has too many scans: save it as a plain JPEG"};
constexpr Refusal otherKind{ErrorCode::malformed,
                            "this kind of JPEG is not read: save it with 8 bits a colour, baseline "
                            "or progressive, in RGB"};

const Refusal& refusalOf(int code) {
    switch (code) {
    case JERR_NO_BACKING_STORE:
    case JERR_OUT_OF_MEMORY: return tooMuchMemory;
    case JERR_IMAGE_TOO_BIG: return tooLongASide;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: return otherKind;
    default: return damaged;
    }
}

/// libjpeg's error handler leaves by longjmp: an exception may not cross its C frames.
struct Handler {
    jpeg_error_mgr base;
    std::jmp_buf exit;
    bool cut_off = false;
    const Refusal* refusal = nullptr; ///< why it was left
};

Handler& handlerOf(j_common_ptr info) {
    return *reinterpret_cast<Handler*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info, const Refusal& refusal) {
    Handler& handler = handlerOf(info);
    handler.refusal = &refusal;
    std::longjmp(handler.exit, 1);
}

[[noreturn]] void leaveAtError(j_common_ptr info) {
    leave(info, refusalOf(info->err->msg_code));
}

void note(j_common_ptr info, int level) {
    const int code = info->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        handlerOf(info).cut_off = true;
}

void limitScans(j_common_ptr info) {
    const auto& picture = *reinterpret_cast<j_decompress_ptr>(info);
    const auto scans = static_cast<std::uint64_t>(std::max(picture.input_scan_number, 0));
    const std::uint64_t pixels = std::uint64_t{picture.image_width} * picture.image_height;
    if (scans > vision_link::maxScans || scans * pixels > vision_link::maxScannedPixels)
        leave(info, tooManyScans);
}

/// The decoder with its settings and its destruction.
struct Decoder {
    jpeg_decompress_struct info{};
    Handler handler{};
    jpeg_progress_mgr progress{};

    Decoder() {
        info.err = jpeg_std_error(&handler.base);
        handler.base.error_exit = leaveAtError;
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
    jpeg_save_markers(&decoder.info, exifMarker, 0xFFFF);
    jpeg_read_header(&decoder.info, TRUE);
    return true;
}

/// Sets the size of what is read to `eighths` of the picture's own. False when that cannot be.
bool setScale(Decoder& decoder, unsigned eighths) {
    if (setjmp(decoder.handler.exit) != 0)
        return false;
    decoder.info.scale_num = eighths;
    decoder.info.scale_denom = wholeScale;
    jpeg_calc_output_dimensions(&decoder.info);
    return true;
}

/// Reads all rows, `stride` bytes each, in the colours that were asked for. False when the data
/// cannot be read.
bool readPixels(Decoder& decoder, JSAMPLE* pixels, std::size_t stride) {
    if (setjmp(decoder.handler.exit) != 0)
        return false;
    jpeg_start_decompress(&decoder.info);
    while (decoder.info.output_scanline < decoder.info.output_height) {
        JSAMPROW row = pixels + decoder.info.output_scanline * stride;
        jpeg_read_scanlines(&decoder.info, &row, 1);
    }
    return true;
}

void require(bool read, const Decoder& decoder) {
    if (!read)
        throw Error(decoder.handler.refusal->code, decoder.handler.refusal->message);
    if (decoder.handler.cut_off)
        throw Error(cutOff.code, cutOff.message);
}

/// The smallest scale that leaves twice `edge_px`, so that what is shrunk further stays sharp.
unsigned scaleFor(const Decoder& decoder, int edge_px) {
    const std::uint64_t longer = std::max(decoder.info.image_width, decoder.info.image_height);
    unsigned eighths = 1;
    while (eighths < wholeScale &&
           longer * eighths < 2 * static_cast<std::uint64_t>(edge_px) * wholeScale)
        ++eighths;
    return eighths;
}

int orientationOf(const Decoder& decoder) {
    for (const auto* marker = decoder.info.marker_list; marker; marker = marker->next)
        if (marker->marker == exifMarker)
            if (const int noted = exifOrientation({marker->data, marker->data_length}); noted != 1)
                return noted;
    return 1;
}

/// Printers' colours: libjpeg leaves them as they are, and programs of Adobe store them inverted.
std::vector<std::uint8_t> fromCmyk(const std::vector<std::uint8_t>& cmyk, bool inverted) {
    std::vector<std::uint8_t> rgb(cmyk.size() / 4 * 3);
    const auto light = [&](std::uint8_t ink) {
        return static_cast<unsigned>(inverted ? ink : 255 - ink);
    };
    for (std::size_t i = 0; i < cmyk.size() / 4; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            rgb[3 * i + c] =
                static_cast<std::uint8_t>(light(cmyk[4 * i + c]) * light(cmyk[4 * i + 3]) / 255);
    return rgb;
}

} // namespace

GrayImage decodeJpeg(std::span<const unsigned char> bytes) {
    Decoder decoder;
    require(readHeader(decoder, bytes), decoder);
    GrayImage image = blankImage(decoder.info.image_width, decoder.info.image_height);
    decoder.info.out_color_space = JCS_GRAYSCALE; // luma only: no colours are converted
    require(readPixels(decoder, image.pixels.data(), static_cast<std::size_t>(image.width)),
            decoder);
    return image;
}

ColourImage decodeJpegColours(std::span<const unsigned char> bytes, int edge_px) {
    Decoder decoder;
    require(readHeader(decoder, bytes), decoder);
    requireSize(decoder.info.image_width, decoder.info.image_height);
    const bool printed =
        decoder.info.jpeg_color_space == JCS_CMYK || decoder.info.jpeg_color_space == JCS_YCCK;
    decoder.info.out_color_space = printed ? JCS_CMYK : JCS_RGB;
    require(setScale(decoder, scaleFor(decoder, edge_px)), decoder);
    const std::size_t stride = std::size_t{decoder.info.output_width} * (printed ? 4U : 3U);
    ColourImage image{static_cast<int>(decoder.info.output_width),
                      static_cast<int>(decoder.info.output_height), orientationOf(decoder),
                      std::vector<std::uint8_t>(stride * decoder.info.output_height)};
    require(readPixels(decoder, image.pixels.data(), stride), decoder);
    if (printed)
        image.pixels = fromCmyk(image.pixels, decoder.info.saw_Adobe_marker);
    return image;
}

} // namespace gatefold::vision
