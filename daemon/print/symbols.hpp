#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gatefold::print {

/// A symbol's dark modules without its quiet zone; a linear one has one row.
struct Symbol {
    int width = 0, height = 0;
    std::vector<bool> dark; ///< row by row
    bool at(int x, int y) const {
        return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(x)];
    }
};

/// QR code with a quarter of it repairable (level Q). Throws Error `invalid` when the text does not
/// fit.
Symbol qrCode(const std::string& text);
/// Code 128, digits in pairs. Throws Error `invalid` when the text cannot be written in it.
Symbol code128(const std::string& text);

/// Light modules that must stay around a symbol.
inline constexpr int qrQuietZone = 4, code128QuietZone = 10;

} // namespace gatefold::print
