// The one file of the daemon that knows ZXing: its writer.
#include "print/symbols.hpp"

#include "core/error.hpp"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <stdexcept>

namespace gatefold::print {

namespace {

constexpr int levelQ = 5; // on the writer's scale of 0-8

Symbol encoded(ZXing::BarcodeFormat format, const std::string& text) {
    try {
        const ZXing::BitMatrix matrix =
            ZXing::MultiFormatWriter(format).setMargin(0).setEccLevel(levelQ).encode(text, 0, 0);
        Symbol symbol{
            matrix.width(), format == ZXing::BarcodeFormat::QRCode ? matrix.height() : 1, {}};
        for (int y = 0; y < symbol.height; ++y)
            for (int x = 0; x < symbol.width; ++x)
                symbol.dark.push_back(matrix.get(x, y));
        return symbol;
    } catch (const std::exception& error) {
        throw Error(ErrorCode::invalid,
                    std::string("this cannot be printed as a code: ") + error.what());
    }
}

} // namespace

Symbol qrCode(const std::string& text) {
    return encoded(ZXing::BarcodeFormat::QRCode, text);
}
Symbol code128(const std::string& text) {
    return encoded(ZXing::BarcodeFormat::Code128, text);
}

} // namespace gatefold::print
