#pragma once

#include "core/role.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// One command that home automation sent, already checked against the list of commands
/// (mqtt/commands).
struct DeckCommand {
    std::string verb; ///< "set_record", "mark_flipped", "stop", "republish", "scan", "scrobble" ...
    std::optional<std::string> deck;   ///< none: the default deck
    std::optional<std::string> code;   ///< scan/submit
    std::optional<std::string> source; ///< scan/submit: the name the sender gave itself
    std::optional<std::string> copy_id, side;
    std::optional<std::int64_t> release_id;
    std::optional<double> number; ///< minutes, seconds, hours
    bool start = true;            ///< set_record with "start":false only selects
};

/// What the command did: `seq` of the newest log row afterwards.
struct CommandResult {
    std::int64_t seq = 0;
    std::optional<std::string>
        document; ///< an answer document of its own (scan/submit: the scan's answer)
};

/// Where MQTT commands go. Called from the mqtt thread; throws Error, which becomes the reply.
class CommandSink {
public:
    virtual ~CommandSink() = default;
    virtual CommandResult execute(const DeckCommand& command) = 0;
};

/// Facts about the box that retained documents carry; any thread.
struct BoxHealth {
    std::int64_t uptime_s = 0;
    std::int64_t disk_free_mb = 0;
    std::optional<double> temp_c;
};
class BoxFacts {
public:
    virtual ~BoxFacts() = default;
    virtual BoxHealth health() const = 0;
    virtual std::string version() const = 0;
    virtual std::string bootId() const = 0;
    virtual std::string baseUrl() const = 0; ///< "http://gatefold.local:8080"
    /// JPEG bytes of what is on a deck, at most 100 KiB; empty: no cover, or none
    /// that can be read.
    virtual std::string cover(std::string_view deck) const = 0;
};

/// What the link to the broker is like, for `doctor`, health and the page.
struct LinkStatus {
    bool enabled = true;
    bool connected = false;
    std::int64_t reconnects = 0;
    std::string problem; ///< in words, empty when all is well
};

} // namespace gatefold
