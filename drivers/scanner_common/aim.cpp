#include "drivers/scanner_common/aim.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace gatefold::drivers {

namespace {

constexpr std::size_t aimLength = 3;
constexpr std::size_t fewestDigits = 6;
constexpr std::string_view aimLetters = "ABCDEFGHIKLMNOPQRSTUXZcdeghjmoz";

bool allDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isAsciiDigit);
}

Symbology symbologyByLength(std::size_t digits) {
    switch (digits) {
    case 8: return Symbology::upcE;
    case 12: return Symbology::upcA;
    default: return Symbology::ean13;
    }
}

} // namespace

bool isAim(std::string_view text) {
    const auto isModifier = [](char c) { return isAsciiDigit(c) || isAsciiLetter(c); };
    return text.size() == aimLength && text[0] == ']' &&
           aimLetters.find(text[1]) != std::string_view::npos && isModifier(text[2]);
}

Symbology symbologyOfAim(std::string_view aim, std::string_view code) {
    if (!isAim(aim))
        return Symbology::unknown;
    if (aim[1] != 'E')
        return Symbology::other;
    return aim[2] == '4' ? Symbology::ean8 : symbologyByLength(code.size());
}

AimSplit splitAim(std::string_view code) {
    const std::string_view rest = code.size() > aimLength ? code.substr(aimLength) : "";
    if (rest.size() < fewestDigits || !isAim(code.substr(0, aimLength)) || !allDigits(rest))
        return {code, Symbology::unknown};
    return {rest, symbologyOfAim(code.substr(0, aimLength), rest)};
}

bool lostItsSeparators(std::string_view code) {
    constexpr std::array<std::string_view, 4> gs1{"]C1", "]d2", "]Q3", "]e0"};
    constexpr std::size_t gtinElement = 16;
    constexpr char separator = 0x1D;
    return std::find(gs1.begin(), gs1.end(), code.substr(0, aimLength)) != gs1.end() &&
           code.size() > aimLength + gtinElement && code.find(separator) == std::string_view::npos;
}

std::string_view withoutEndKeys(std::string_view code) {
    return code.substr(0, code.find_last_not_of("\r\n\t") + 1);
}

std::string_view withinBound(std::string_view code) {
    if (code.size() <= maxCodeBytes)
        return code;
    std::size_t end = maxCodeBytes;
    const auto continues = [&](std::size_t i) { return (code[i] & 0xC0) == 0x80; };
    for (int back = 0; back < 3 && continues(end); ++back)
        --end;
    return code.substr(0, continues(end) ? maxCodeBytes : end);
}

} // namespace gatefold::drivers
