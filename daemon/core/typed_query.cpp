#include "core/typed_query.hpp"

#include "core/gtin.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace gatefold {

namespace {

constexpr std::size_t longestPrefix = 5; ///< letters before a number: "ILPS", "MOVLP"
constexpr std::size_t mostCatnoWords = 5;
constexpr std::size_t longestCatno = 14; ///< signs without blanks; runouts go on

bool hasDigit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), isAsciiDigit);
}
bool isForeign(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> wordsOf(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
        if (end > 0)
            words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// Letters and digits alone.
std::string bare(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out),
                 [](char c) { return isAsciiDigit(c) || isAsciiLetter(c); });
    return out;
}

/// A number whose words are digits or short letters: "SD 8216", "2C 064-04299".
bool looksLikeNumber(const std::vector<std::string_view>& words) {
    return std::all_of(words.begin(), words.end(), [](std::string_view word) {
        return hasDigit(word) || bare(word).size() <= longestPrefix;
    });
}

/// A side with the cut's number behind a number: "SHVL 804 A-2", "ST-A-701623-B", "8216A1".
bool endsInSide(std::string_view typed) {
    const std::string signs = bare(typed);
    std::size_t end = signs.size();
    for (int cut = 0; cut < 2 && end > 0 && isAsciiDigit(signs[end - 1]); ++cut)
        --end;
    // Only a letter between two numbers, or at the end: "804A2", "804A", not "AB12".
    if (end < 2 || std::string_view("ABCDabcd").find(signs[end - 1]) == std::string_view::npos)
        return false;
    return isAsciiDigit(signs[end - 2]);
}

bool hasRunoutMarks(std::string_view typed) {
    for (const std::string_view mark : {"//", "\\", "|", "★", "☆", "△", "▽", "◇", "○"})
        if (typed.find(mark) != std::string_view::npos)
            return true;
    return false;
}

bool isYear(std::string_view typed) {
    return typed.size() == 4 && std::all_of(typed.begin(), typed.end(), isAsciiDigit) &&
           (typed.starts_with("19") || typed.starts_with("20"));
}

} // namespace

std::vector<ReadAs> readingsOf(std::string_view typed) {
    using enum ReadAs;
    const auto words = wordsOf(typed);
    const std::string signs = bare(typed);
    if (signs.empty())
        return std::any_of(typed.begin(), typed.end(), isForeign) ? std::vector{text}
                                                                  : std::vector<ReadAs>{};
    std::vector<ReadAs> readings;
    if (!gtinKeysOfScan(typed).empty())
        readings.push_back(barcode);
    const bool number = hasDigit(typed) && looksLikeNumber(words) && !isYear(typed) &&
                        std::none_of(typed.begin(), typed.end(), isForeign);
    if (hasRunoutMarks(typed) || (number && (endsInSide(typed) || signs.size() > longestCatno ||
                                             words.size() > mostCatnoWords)))
        readings.insert(readings.end(), {runout, catno, text});
    else if (number)
        readings.insert(readings.end(), {catno, runout, text});
    else
        readings.insert(readings.end(), {text, catno, runout});
    return readings;
}

} // namespace gatefold
