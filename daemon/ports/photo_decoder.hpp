#pragma once

#include "core/fields.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatefold {

struct ImagePoint {
    int x = 0, y = 0;
    static constexpr auto fields =
        fieldList(field("x", &ImagePoint::x), field("y", &ImagePoint::y));
    bool operator==(const ImagePoint&) const = default;
};

/// One code found in an image.
struct DecodedCode {
    std::string text;                ///< as the symbol says
    std::string format;              ///< "EAN-13", "UPC-A", "QR Code"
    std::optional<std::string> gtin; ///< 14 digits, for retail codes
    std::vector<ImagePoint> corners; ///< in pixels of the image, clockwise from the top left
    static constexpr auto fields =
        fieldList(field("text", &DecodedCode::text), field("format", &DecodedCode::format),
                  field("gtin", &DecodedCode::gtin), field("corners", &DecodedCode::corners));
    bool operator==(const DecodedCode&) const = default;
};

/// Reads barcodes in a photo (JPEG, PNG, WebP is not needed). Callable from any thread, may take
/// seconds.
class PhotoDecoder {
public:
    virtual ~PhotoDecoder() = default;
    /// Throws Error `malformed` (not an image), `tooLarge` (> 25 MB or > 50 megapixels),
    /// `unavailable` (the decoder died or is restarting: try again).
    virtual std::vector<DecodedCode> decode(std::span<const unsigned char> image) = 0;
};

} // namespace gatefold
