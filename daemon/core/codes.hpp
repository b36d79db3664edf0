#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

/// What a code that Gatefold prints stands for: digit K of `9743 K VVVVVVVVV CC`.
enum class PrintedKind {
    control = 0,
    copyLabel = 1,
    person = 2,
    location = 3,
    deck = 4,
    setup = 9
};

/// A code that Gatefold prints. Fixed for ever: cards of today work in five years.
struct PrintedCode {
    PrintedKind kind;
    std::int64_t value; ///< 0 ... 999,999,999
    bool operator==(const PrintedCode&) const = default;
};

/// Values of control cards.
namespace card {
inline constexpr std::int64_t undo = 1, copy = 2, stop = 3, flip = 4;
inline constexpr std::int64_t firstMode = 10, firstMedia = 20, lastMedia = 27, firstSleeve = 30,
                              lastSleeve = 40;
inline constexpr std::int64_t layoutTest = 1;
} // namespace card

/// The 16 digits of a code; ISO 7064 MOD 97-10: CC = 98 - (first 14 digits x 100 mod 97), so that
/// the whole mod 97 is 1.
std::string printedDigits(PrintedCode code);
/// "9743 0000 0000 0179": groups of four, for people.
std::string groupedDigits(std::string_view digits);

/// True for 16 digits that begin like ours; such a code is never a GTIN.
bool looksPrinted(std::string_view code);
/// The code, or nothing when the digits, the check or the kind are wrong.
std::optional<PrintedCode> parsePrinted(std::string_view code);

/// What follows the layout test's digits, by which keyboard layouts are told apart.
inline constexpr std::string_view layoutTestTail = "ayz-/;\"@#\\";
/// The whole layout test code: 16 digits and the tail.
std::string layoutTestCode();

} // namespace gatefold
