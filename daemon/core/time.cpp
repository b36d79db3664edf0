#include "core/time.hpp"

#include <array>
#include <cstdio>

namespace gatefold {

namespace {

/// Reads exactly `digits` decimal digits and steps over them.
std::optional<int> take(std::string_view& text, std::size_t digits) {
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool skip(std::string_view& text, char c) {
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

/// Milliseconds of ".412": 1-9 digits, cut after three.
std::optional<int> takeFraction(std::string_view& text) {
    int milliseconds = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9';
         text.remove_prefix(1), ++digits)
        if (digits < 3)
            milliseconds = milliseconds * 10 + (text.front() - '0');
    if (digits == 0 || digits > 9)
        return std::nullopt;
    for (int i = digits; i < 3; ++i)
        milliseconds *= 10;
    return milliseconds;
}

/// Minutes east of UTC of "Z", "+01:00", "-05:30".
std::optional<int> takeOffset(std::string_view& text) {
    if (skip(text, 'Z') || skip(text, 'z'))
        return 0;
    const int sign = skip(text, '+') ? 1 : skip(text, '-') ? -1 : 0;
    if (sign == 0)
        return std::nullopt;
    const auto hours = take(text, 2);
    if (!hours || !skip(text, ':'))
        return std::nullopt;
    const auto minutes = take(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    return sign * (*hours * 60 + *minutes);
}

} // namespace

std::string isoTime(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()),
                  int(clock.subseconds().count()));
    return text.data();
}

std::optional<WallTime> parseIsoTime(std::string_view text) {
    using namespace std::chrono;
    const auto y = take(text, 4);
    if (!y || !skip(text, '-'))
        return std::nullopt;
    const auto mo = take(text, 2);
    if (!mo || !skip(text, '-'))
        return std::nullopt;
    const auto d = take(text, 2);
    if (!d || (!skip(text, 'T') && !skip(text, 't') && !skip(text, ' ')))
        return std::nullopt;
    const auto h = take(text, 2);
    if (!h || !skip(text, ':'))
        return std::nullopt;
    const auto mi = take(text, 2);
    if (!mi || !skip(text, ':'))
        return std::nullopt;
    const auto s = take(text, 2);
    if (!s)
        return std::nullopt;
    std::optional<int> ms = 0;
    if (skip(text, '.'))
        ms = takeFraction(text);
    const auto offset = takeOffset(text);
    const year_month_day date{year{*y}, month{unsigned(*mo)}, day{unsigned(*d)}};
    if (!ms || !offset || !text.empty() || !date.ok() || *h > 23 || *mi > 59 || *s > 60)
        return std::nullopt;
    return sys_days{date} + hours{*h} + minutes{*mi - *offset} + seconds{*s} + Millis{*ms};
}

} // namespace gatefold
