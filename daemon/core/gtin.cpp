#include "core/gtin.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gatefold {

namespace {

/// First code points of the decimal digit blocks (Unicode 15, category Nd) that occur on records
/// and keyboards.
constexpr std::array<char32_t, 12> digitBlocks{U'0',
                                               0x0660 /* Arabic */,
                                               0x06F0 /* Persian */,
                                               0x0966 /* Devanagari */,
                                               0x09E6,
                                               0x0A66,
                                               0x0AE6,
                                               0x0BE6,
                                               0x0E50,
                                               0x0ED0,
                                               0x17E0,
                                               0xFF10 /* fullwidth */};

/// The next code point, stepping over it; malformed bytes give 0 and are skipped one by one.
char32_t nextCodePoint(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80    ? 1
                               : first >= 0xF0 ? 4
                               : first >= 0xE0 ? 3
                               : first >= 0xC0 ? 2
                                               : 0;
    if (length == 0 || length > text.size()) {
        text.remove_prefix(1);
        return 0;
    }
    char32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = code << 6 | (byte(i) & 0x3F);
    text.remove_prefix(length);
    return code;
}

std::optional<char> digitOf(char32_t code) {
    for (const char32_t zero : digitBlocks)
        if (code >= zero && code <= zero + 9)
            return static_cast<char>('0' + static_cast<int>(code - zero));
    return std::nullopt;
}

/// Blanks, dashes and dots of any kind: what people print between a code's digits.
bool isSeparator(char32_t code) {
    return code == ' ' || code == '\t' || code == '-' || code == '.' || code == 0xA0 ||
           code == 0xAD || code == 0xB7 || (code >= 0x2000 && code <= 0x2015) || code == 0x202F ||
           code == 0x2212 || code == 0x3000;
}

Gtin number(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits)
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return {value};
}

bool hasCheckedLength(std::size_t length) {
    return length == 8 || length == 12 || length == 13 || length == 14;
}

/// GS1 check digit of the digits before it.
char checkDigit(std::string_view digits) {
    int sum = 0;
    int weight = 3;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it, weight = 4 - weight)
        sum += weight * (*it - '0');
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool checksAs(std::string_view digits) {
    return digits.back() == checkDigit(digits.substr(0, digits.size() - 1));
}

void addOnce(std::vector<Gtin>& keys, Gtin key) {
    if (key.value != 0 && std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
}

/// Main codes of 12 or 13 digits with an add-on of 2 or 5 behind them, where the rest checks.
void addWithoutAddOn(std::string_view digits, std::vector<Gtin>& keys) {
    for (const std::size_t addOn : {std::size_t{2}, std::size_t{5}}) {
        if (digits.size() < addOn + 12 || digits.size() > addOn + 13)
            continue;
        const std::string_view main = digits.substr(0, digits.size() - addOn);
        if (checksAs(main))
            addOnce(keys, number(main));
    }
}

/// "A zero left off" and "the check digit is missing".
void addRepaired(std::string_view digits, std::vector<Gtin>& keys) {
    const bool elevenOrTwelve = digits.size() == 11 || digits.size() == 12;
    if (digits.size() == 11 && checksAs("0" + std::string(digits)))
        addOnce(keys, number(digits));
    if (elevenOrTwelve && !checksAs(digits))
        addOnce(keys, number(std::string(digits) + checkDigit(digits)));
    // "nnnnn-nnnnn": the two halves of a UPC-A without number system and check digit.
    if (digits.size() == 10) {
        const std::string withSystem = "0" + std::string(digits);
        addOnce(keys, number(withSystem + checkDigit(withSystem)));
    }
}

void eightDigitKeys(std::string_view digits, Symbology symbology, GtinKeys& keys) {
    const bool ean8 = symbology != Symbology::upcE && checksAs(digits);
    const auto upcE = symbology == Symbology::ean8 ? std::nullopt : expandUpcE(digits);
    if (ean8)
        addOnce(keys.strict, number(digits));
    if (upcE)
        addOnce(keys.strict, *upcE);
}

} // namespace

std::string Gtin::text() const {
    std::string digits = std::to_string(value);
    return digits.size() < 14 ? std::string(14 - digits.size(), '0') + digits : digits;
}

bool Gtin::checks() const {
    return checksAs(text());
}

std::string digitsOf(std::string_view text) {
    std::string digits;
    while (!text.empty())
        if (const auto digit = digitOf(nextCodePoint(text)))
            digits += *digit;
    return digits;
}

std::optional<Gtin> expandUpcE(std::string_view code) {
    if (code.size() != 8 || (code[0] != '0' && code[0] != '1'))
        return std::nullopt;
    const std::string_view d = code.substr(1, 6);
    std::string upc(1, code[0]);
    const char last = d[5];
    if (last <= '2')
        upc += std::string(d.substr(0, 2)) + last + "0000" + std::string(d.substr(2, 3));
    else if (last == '3')
        upc += std::string(d.substr(0, 3)) + "00000" + std::string(d.substr(3, 2));
    else if (last == '4')
        upc += std::string(d.substr(0, 4)) + "00000" + d[4];
    else
        upc += std::string(d.substr(0, 5)) + "0000" + last;
    upc += code[7];
    if (!checksAs(upc))
        return std::nullopt;
    return number(upc);
}

GtinKeys gtinKeysOfScan(std::string_view code, Symbology symbology) {
    GtinKeys keys;
    std::string digits;
    for (std::string_view rest = code; !rest.empty();) {
        const char32_t point = nextCodePoint(rest);
        if (const auto digit = digitOf(point))
            digits += *digit;
        else if (!isSeparator(point))
            return keys;
        if (digits.size() > 18)
            return keys;
    }
    if (digits.size() < 8)
        return keys;
    const bool full = hasCheckedLength(digits.size());
    if (digits.size() == 8)
        eightDigitKeys(digits, symbology, keys);
    else if (full && checksAs(digits))
        addOnce(keys.strict, number(digits));
    if (digits.size() == 14)
        addWithoutAddOn(digits, keys.strict);
    if (full && keys.strict.empty() && number(digits).value != 0)
        keys.asRead = number(digits);
    if (digits.size() != 14)
        addWithoutAddOn(digits, keys.weak);
    addRepaired(digits, keys.weak);
    return keys;
}

std::vector<CatalogueKey> gtinKeysOfField(std::string_view field) {
    std::vector<CatalogueKey> keys;
    const auto add = [&](Gtin gtin, bool weak, bool wrong) {
        const bool known = std::any_of(keys.begin(), keys.end(),
                                       [&](const CatalogueKey& k) { return k.gtin == gtin; });
        if (gtin.value != 0 && !known)
            keys.push_back({gtin, weak, wrong});
    };
    const std::string digits = digitsOf(field);
    if (digits.size() > 40)
        return keys;
    if (hasCheckedLength(digits.size()))
        add(number(digits), false, !checksAs(digits));
    std::vector<Gtin> weak;
    if (digits.size() == 8)
        if (const auto upc = expandUpcE(digits))
            weak.push_back(*upc);
    if (digits.size() >= 12)
        addWithoutAddOn(digits, weak);
    if (digits.size() != 14)
        addRepaired(digits, weak);
    // Two codes in one field.
    std::size_t begin = 0;
    if (field.find_first_of("/;,") != std::string_view::npos)
        while (begin <= field.size()) {
            const std::size_t end = std::min(field.find_first_of("/;,", begin), field.size());
            const std::string part = digitsOf(field.substr(begin, end - begin));
            if (part.size() == 8 || part.size() == 12 || part.size() == 13)
                weak.push_back(number(part));
            begin = end + 1;
        }
    for (const Gtin gtin : weak)
        add(gtin, true, false);
    return keys;
}

} // namespace gatefold
