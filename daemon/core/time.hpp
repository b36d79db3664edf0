#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

using Millis = std::chrono::milliseconds;
/// Wall time in UTC. May jump: boxes without a clock of their own start in the past.
using WallTime = std::chrono::sys_time<Millis>;
/// Time since boot; never jumps. All durations of a play session are measured with it.
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Millis>;

/// One reading of both clocks, so that a use case sees one moment.
struct Now {
    WallTime wall;
    MonoTime mono;
};

/// RFC 3339 in UTC with milliseconds: "2026-03-01T20:01:07.412Z".
std::string isoTime(WallTime time);
/// Reads RFC 3339 with "Z" or a numeric offset and 0-9 fraction digits; nothing for anything else.
std::optional<WallTime> parseIsoTime(std::string_view text);

} // namespace gatefold
