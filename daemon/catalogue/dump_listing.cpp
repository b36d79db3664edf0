#include "catalogue/dump_listing.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace gatefold::catalogue {

namespace {

constexpr std::string_view prefix = "discogs_";
constexpr std::size_t dayDigits = 8;
constexpr std::size_t sha256Digits = 64;

bool allDigits(std::string_view text, std::size_t count) {
    return text.size() == count && std::all_of(text.begin(), text.end(), isAsciiDigit);
}

/// The days of the files whose names go on with `ending`.
std::set<std::string, std::less<>> daysOf(std::string_view page, std::string_view ending) {
    std::set<std::string, std::less<>> days;
    for (auto at = page.find(prefix); at != page.npos; at = page.find(prefix, at + 1)) {
        const std::string_view day = page.substr(at + prefix.size(), dayDigits);
        if (allDigits(day, dayDigits) &&
            page.substr(at + prefix.size() + dayDigits).starts_with(ending))
            days.emplace(day);
    }
    return days;
}

} // namespace

std::vector<std::string> yearsIn(std::string_view index) {
    std::set<std::string, std::greater<>> years;
    for (const std::string_view before : {"data/", "data%2F"})
        for (auto at = index.find(before); at != index.npos; at = index.find(before, at + 1)) {
            const std::string_view year = index.substr(at + before.size(), 4);
            if (allDigits(year, 4) && year.starts_with("20"))
                years.emplace(year);
        }
    return {years.begin(), years.end()};
}

std::optional<std::string> newestDumpIn(std::string_view page) {
    const auto releases = daysOf(page, "_releases.xml.gz");
    const auto checksums = daysOf(page, "_CHECKSUM.txt");
    for (auto day = releases.rbegin(); day != releases.rend(); ++day)
        if (checksums.contains(*day))
            return *day;
    return std::nullopt;
}

std::optional<std::string> checksumOf(std::string_view name, std::string_view list) {
    while (!list.empty()) {
        const auto end = std::min(list.find('\n'), list.size());
        const std::string_view line = trimmed(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
        if (line.size() <= sha256Digits)
            continue;
        std::string_view file = trimmed(line.substr(sha256Digits));
        if (file.starts_with('*')) // read as bytes
            file.remove_prefix(1);
        const std::string sum = asciiLower(line.substr(0, sha256Digits));
        if (file == name && sum.find_first_not_of("0123456789abcdef") == std::string::npos)
            return sum;
    }
    return std::nullopt;
}

std::optional<std::string> dumpDate(std::string_view fileName) {
    const auto at = fileName.find(prefix);
    if (at == fileName.npos)
        return std::nullopt;
    const std::string_view day = fileName.substr(at + prefix.size(), dayDigits);
    if (!allDigits(day, dayDigits))
        return std::nullopt;
    const std::string text(day);
    return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6);
}

} // namespace gatefold::catalogue
