#pragma once

#include "core/fields.hpp"
#include "core/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatefold {

/// One kind of event: its name, the family (topic) it belongs to, and after how long it is no news
/// any more.
struct EventType {
    std::string_view name;
    std::string_view family;
    std::chrono::seconds expires_after;
};

/// The one list of event types: discovery, `info`, validation and documents come from it.
std::span<const EventType> eventTypes();
/// The type of that name, or null.
const EventType* findEventType(std::string_view name);

/// One row of the event log. The log is the number line of a node: `seq` rises over events, states
/// and scan results alike.
struct LogRow {
    enum class Kind { event, state, scanResult };
    std::int64_t seq = 0;
    std::string id; ///< ULID
    Kind kind = Kind::event;
    WallTime at{};
    std::string name; ///< event type; for a state its document's name: "now_playing", "collection";
                      ///< "scan_result"
    std::string deck; ///< deck id, or empty
    std::string body; ///< the JSON object that makes it up: `data` of an event, members of a state
                      ///< without v, seq, ts
    std::int64_t prev = 0; ///< for events: seq of the event before, 0 for the first
    std::optional<WallTime> expires_at;
};

/// The complete document as it goes out over MQTT and the event stream: envelope of an event, or
/// {"v","seq","ts", members ...}.
std::string document(const LogRow& row);

/// A ULID: 48 bits of `at`, 80 bits of `random`.
std::string ulid(WallTime at, std::span<const unsigned char, 10> random);

} // namespace gatefold
