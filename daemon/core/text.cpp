#include "core/text.hpp"

#include <cstdint>

namespace gatefold {

namespace {

/// Length of the well-formed UTF-8 sequence at the start of `bytes`, 0 when there is none (Unicode
/// 15, table 3-7).
std::size_t sequenceLength(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const auto continues = [&](std::size_t i) {
        return i < bytes.size() && (at(i) & 0xC0) == 0x80;
    };
    if (bytes.empty())
        return 0;
    const std::uint8_t first = at(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!continues(1) || !continues(2))
            return 0;
        const bool overlong = first == 0xE0 && at(1) < 0xA0;
        const bool surrogate = first == 0xED && at(1) > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!continues(1) || !continues(2) || !continues(3))
            return 0;
        const bool overlong = first == 0xF0 && at(1) < 0x90;
        const bool beyond = first == 0xF4 && at(1) > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool isControl(std::string_view sequence) {
    const auto first = static_cast<std::uint8_t>(sequence[0]);
    if (sequence.size() == 1)
        return first < 0x20 || first == 0x7F;
    return sequence.size() == 2 && first == 0xC2 && static_cast<std::uint8_t>(sequence[1]) < 0xA0;
}

} // namespace

bool isUtf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = sequenceLength(bytes);
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool hasControlCharacters(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0 || isControl(text.substr(0, length)))
            return true;
        text.remove_prefix(length);
    }
    return false;
}

std::string shortened(std::string_view text, std::size_t max_characters) {
    std::size_t characters = 0;
    std::size_t cut = 0; // where the text ends when an ellipsis must follow
    for (std::size_t at = 0; at < text.size(); ++characters) {
        if (characters == max_characters)
            return std::string(text.substr(0, cut)) + "…";
        if (characters + 1 == max_characters)
            cut = at;
        const std::size_t length = sequenceLength(text.substr(at));
        at += length == 0 ? 1 : length;
    }
    return std::string(text);
}

std::string printable(std::string_view bytes, std::size_t max_characters) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    std::size_t characters = 0;
    while (!bytes.empty()) {
        if (characters++ == max_characters)
            return out + "…";
        const std::size_t length = sequenceLength(bytes);
        if (length == 0 || isControl(bytes.substr(0, length))) {
            const auto byte = static_cast<std::uint8_t>(bytes[0]);
            out += {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
            bytes.remove_prefix(1);
        } else {
            out += bytes.substr(0, length);
            bytes.remove_prefix(length);
        }
    }
    return out;
}

std::string asciiLower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string percentEncoded(std::string_view text, std::string_view also_plain) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (isAsciiLetter(c) || isAsciiDigit(c) ||
            std::string_view("-._~").find(c) != std::string_view::npos ||
            also_plain.find(c) != std::string_view::npos)
            out += c;
        else
            out.append({'%', hex[byte >> 4], hex[byte & 15]});
    }
    return out;
}

std::string hexOf(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char byte : bytes) {
        out += digits[static_cast<unsigned char>(byte) >> 4];
        out += digits[static_cast<unsigned char>(byte) & 15];
    }
    return out;
}

} // namespace gatefold
