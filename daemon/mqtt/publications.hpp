#pragma once

#include "core/event.hpp"
#include "mqtt/config.hpp"
#include "mqtt/message.hpp"
#include "mqtt/topics.hpp"
#include "ports/message_link.hpp"
#include "ports/store.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gatefold::mqtt {

/// Turns rows of the log into messages. Remembers what the flat mirror said on this connection, so
/// that only changes go out. One thread.
class Publications {
public:
    Publications(const Topics& topics, const BoxFacts& box) : topics_(topics), box_(box) {}

    /// The topic of a row's own document.
    std::string topicOf(const LogRow& row) const;
    /// All messages of one row: an event is one; now_playing brings its flat mirror and the cover
    /// along; a state of a deck that left the configuration has none. An event's expiry is what is
    /// left of it at `now`.
    std::vector<Message> of(const LogRow& row, WallTime now);
    Message status(bool online) const;
    Message info(const std::vector<Deck>& decks, std::int64_t seq, WallTime now) const;
    Message health(const OutboxStats& outbox, const LinkStatus& link, std::int64_t seq,
                   WallTime now) const;
    /// What HA's update entity reads: exactly its keys.
    Message update() const;
    /// The decks there are.
    void configured(const std::vector<Deck>& decks);
    /// A new connection: the broker may have kept nothing.
    void forgetMirror() { mirrored_.clear(); }

private:
    Message event(const LogRow& row, WallTime now) const;
    void mirror(const LogRow& row, std::vector<Message>& messages);

    const Topics& topics_;
    const BoxFacts& box_;
    std::set<std::string> decks_;
    std::map<std::string, std::string> mirrored_; ///< topic -> payload
};

} // namespace gatefold::mqtt
