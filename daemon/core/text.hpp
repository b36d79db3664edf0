#pragma once

#include <string>
#include <string_view>

namespace gatefold {

/// True for well-formed UTF-8 (no surrogates, no overlong forms).
bool isUtf8(std::string_view bytes);
/// Without blanks, tabs and line ends at both sides.
std::string_view trimmed(std::string_view text);
/// True when a C0/C1 control character or DEL occurs (expects UTF-8).
bool hasControlCharacters(std::string_view text);
/// At most `max_characters` code points, with an ellipsis as the last one when something was cut.
std::string shortened(std::string_view text, std::size_t max_characters);
/// Printable form of foreign bytes for messages and logs: controls and invalid bytes as \xNN, cut
/// at `max_characters`.
std::string printable(std::string_view bytes, std::size_t max_characters = 120);
/// ASCII letters in lower case.
std::string asciiLower(std::string_view text);
constexpr bool isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool isAsciiLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
/// Two small hexadecimal digits a byte.
std::string hexOf(std::string_view bytes);
/// For one part of a URI: letters, digits, "-._~" (RFC 3986, 2.3) and the signs in `also_plain` as
/// they are, every other byte as %XX.
std::string percentEncoded(std::string_view text, std::string_view also_plain = {});

} // namespace gatefold
