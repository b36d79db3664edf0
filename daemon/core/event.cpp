#include "core/event.hpp"

#include <array>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr std::array types{
    EventType{"record_on", "deck", 1h},
    EventType{"record_off", "deck", 1h},
    EventType{"side_started", "deck", 1h},
    EventType{"side_ending", "deck", 2min},
    EventType{"side_ended", "deck", 10min},
    EventType{"flip_due", "deck", 10min},
    EventType{"flipped", "deck", 1h},
    EventType{"track_started", "deck", 10min},
    EventType{"played", "deck", 720h},
    EventType{"barcode", "scan", 10min},
    EventType{"nfc", "scan", 10min},
    EventType{"unknown", "scan", 10min},
    EventType{"copy_added", "collection", 720h},
    EventType{"copy_changed", "collection", 720h},
    EventType{"copy_removed", "collection", 720h},
    EventType{"inbox_changed", "collection", 10min},
    EventType{"stylus_due", "stylus", 168h},
    EventType{"stylus_reset", "stylus", 168h},
    EventType{"backup_failed", "system", 168h},
    EventType{"disk_low", "system", 168h},
    EventType{"update_available", "system", 168h},
};

/// Deck ids, event names and ids are our own plain ASCII: quoting is all they need.
std::string jsonString(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string eventDocument(const LogRow& row) {
    std::string out =
        "{\"v\":1,\"id\":" + jsonString(row.id) + ",\"seq\":" + std::to_string(row.seq);
    out += ",\"ts\":" + jsonString(isoTime(row.at));
    out += ",\"prev\":" + std::to_string(row.prev);
    out += ",\"event_type\":" + jsonString(row.name);
    if (!row.deck.empty())
        out += ",\"deck\":" + jsonString(row.deck);
    out += ",\"data\":" + row.body;
    if (row.expires_at)
        out += ",\"expires_at\":" + jsonString(isoTime(*row.expires_at));
    return out + "}";
}

std::string stateDocument(const LogRow& row) {
    std::string out =
        "{\"v\":1,\"seq\":" + std::to_string(row.seq) + ",\"ts\":" + jsonString(isoTime(row.at));
    const std::string_view members = std::string_view(row.body).substr(1); // after the brace
    if (members != "}")
        out += ',';
    return out + std::string(members);
}

} // namespace

std::span<const EventType> eventTypes() {
    return types;
}

const EventType* findEventType(std::string_view name) {
    for (const EventType& type : types)
        if (type.name == name)
            return &type;
    return nullptr;
}

std::string document(const LogRow& row) {
    return row.kind == LogRow::Kind::event ? eventDocument(row) : stateDocument(row);
}

std::string ulid(WallTime at, std::span<const unsigned char, 10> random) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32
    std::string out(26, '0');
    auto time = static_cast<std::uint64_t>(at.time_since_epoch().count()) & 0xFFFFFFFFFFFFULL;
    for (std::size_t i = 10; i-- > 0; time >>= 5)
        out[i] = alphabet[time & 31];
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i)
            bits = bits << 8 | random[half * 5 + i];
        for (std::size_t i = 8; i-- > 0; bits >>= 5)
            out[10 + half * 8 + i] = alphabet[bits & 31];
    }
    return out;
}

} // namespace gatefold
