// The one file of this process that knows ZXing. It reads one symbol at a time: reading several
// (`ReadBarcodes`) can abort the process on a clean EAN-13 in version 1.4.0.
#define ZX_USE_UTF8 1
#include "vision/barcode_reader.hpp"

#include <ZXing/ReadBarcode.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gatefold::vision {

namespace {

using vision_link::CodeFormat;
using ZXing::BarcodeFormat;

constexpr std::size_t maxTextBytes = 8 * 1024;

constexpr std::array<std::pair<BarcodeFormat, CodeFormat>, vision_link::codeFormats> formats{{
    {BarcodeFormat::EAN8, CodeFormat::ean8},
    {BarcodeFormat::EAN13, CodeFormat::ean13},
    {BarcodeFormat::UPCA, CodeFormat::upcA},
    {BarcodeFormat::UPCE, CodeFormat::upcE},
    {BarcodeFormat::QRCode, CodeFormat::qr},
    {BarcodeFormat::Code128, CodeFormat::code128},
}};

/// What `ReadBarcode` takes beside the picture: `DecodeHints` in ZXing 1.4 (Debian 12),
/// `ReaderOptions` since 2.2 (Debian 13 has 2.3).
template <class Result, class Options>
Options optionsOf(Result (*)(const ZXing::ImageView&, const Options&));
using ReaderOptions = decltype(optionsOf(&ZXing::ReadBarcode));

ReaderOptions readerOptions() {
    ZXing::BarcodeFormats wanted;
    for (const auto& [format, code] : formats)
        wanted |= format;
    return ReaderOptions().setFormats(wanted);
}

} // namespace

std::optional<vision_link::WireCode> readBarcode(const GrayView& image) {
    const ZXing::ImageView view(image.pixels, std::min(image.width, maxReadSide),
                                std::min(image.height, maxReadSide), ZXing::ImageFormat::Lum,
                                image.stride);
    const auto result = ZXing::ReadBarcode(view, readerOptions());
    const auto format = std::find_if(formats.begin(), formats.end(), [&](const auto& each) {
        return each.first == result.format();
    });
    std::string text = result.isValid() ? result.text() : std::string();
    if (format == formats.end() || text.empty() || text.size() > maxTextBytes)
        return std::nullopt;
    vision_link::WireCode code{format->second, std::move(text), {}};
    for (const ZXing::PointI& corner : result.position())
        code.corners.push_back({corner.x, corner.y});
    return code;
}

} // namespace gatefold::vision
