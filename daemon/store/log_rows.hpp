#pragma once

#include "core/event.hpp"
#include "store/connection.hpp"

#include <string_view>

namespace gatefold::store {

/// What logRowOf() reads, from event_log `e`.
inline constexpr std::string_view logColumns =
    "e.seq, e.id, e.kind, e.at_ms, e.name, e.deck, e.body, e.prev, e.expires_ms";
inline constexpr int logColumnCount = 9;

inline LogRow logRowOf(const Query& row) {
    LogRow log;
    log.seq = row.integer(0);
    log.id = row.text(1);
    log.kind = static_cast<LogRow::Kind>(row.integer(2));
    log.at = row.time(3);
    log.name = row.text(4);
    log.deck = row.text(5);
    log.body = row.text(6);
    log.prev = row.integer(7);
    log.expires_at = row.maybeTime(8);
    return log;
}

} // namespace gatefold::store
