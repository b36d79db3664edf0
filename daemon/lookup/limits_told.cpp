#include "lookup/limits_told.hpp"

#include "core/text.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>

#include <charconv>

namespace gatefold::lookup {

namespace {

std::optional<int> wholeNumber(std::string_view text) {
    text = trimmed(text);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

std::optional<Millis> untilDate(const std::string& text, WallTime now) {
    Poco::DateTime date;
    int zone = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone))
        return std::nullopt;
    const WallTime then{Millis(date.timestamp().epochMicroseconds() / 1'000)};
    return then > now ? then - now : Millis{0};
}

} // namespace

LimitsTold limitsTold(const HttpAnswer& answer, WallTime now) {
    LimitsTold told;
    told.limit = wholeNumber(answer.header("x-discogs-ratelimit"));
    told.remaining = wholeNumber(answer.header("x-discogs-ratelimit-remaining"));
    const std::string& retry = answer.header("retry-after");
    if (const auto seconds = wholeNumber(retry))
        told.retry_after = std::chrono::seconds(*seconds);
    else if (!retry.empty())
        told.retry_after = untilDate(retry, now);
    return told;
}

} // namespace gatefold::lookup
