#include "core/codes.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace gatefold {

namespace {

constexpr std::string_view prefix = "9743";
constexpr std::size_t codeLength = 16;
constexpr std::int64_t maxValue = 999'999'999;
constexpr std::array kinds{PrintedKind::control,  PrintedKind::copyLabel, PrintedKind::person,
                           PrintedKind::location, PrintedKind::deck,      PrintedKind::setup};

bool allDigits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isAsciiDigit);
}

/// The number that `digits` write, modulo 97.
int mod97(std::string_view digits) {
    int rest = 0;
    for (const char c : digits)
        rest = (rest * 10 + (c - '0')) % 97;
    return rest;
}

} // namespace

std::string printedDigits(PrintedCode code) {
    const std::string value = std::to_string(std::clamp<std::int64_t>(code.value, 0, maxValue));
    std::string digits(prefix);
    digits += static_cast<char>('0' + static_cast<int>(code.kind));
    digits.append(9 - value.size(), '0');
    digits += value;
    const int check = 98 - mod97(digits + "00");
    digits += static_cast<char>('0' + check / 10);
    digits += static_cast<char>('0' + check % 10);
    return digits;
}

std::string groupedDigits(std::string_view digits) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            out += ' ';
        out += digits[i];
    }
    return out;
}

bool looksPrinted(std::string_view code) {
    return code.size() == codeLength && code.starts_with(prefix) && allDigits(code);
}

std::optional<PrintedCode> parsePrinted(std::string_view code) {
    if (!looksPrinted(code) || mod97(code) != 1)
        return std::nullopt;
    // MOD 97-10 never gives the check digits 00, 01 or 99; such a number may be 1 mod 97 all the
    // same.
    const int check = (code[14] - '0') * 10 + (code[15] - '0');
    if (check < 2 || check > 98)
        return std::nullopt;
    const auto kind = static_cast<PrintedKind>(code[4] - '0');
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : code.substr(5, 9))
        value = value * 10 + (c - '0');
    return PrintedCode{kind, value};
}

std::string layoutTestCode() {
    return printedDigits({PrintedKind::setup, card::layoutTest}) + std::string(layoutTestTail);
}

} // namespace gatefold
