#include "mqtt/publications.hpp"

#include "mqtt/documents.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace gatefold::mqtt {

namespace {

constexpr std::uint32_t healthExpiry_s = 180;

/// The flat mirror: topic and member of the now-playing document.
struct MirrorField {
    std::string_view topic, member;
};
constexpr std::array mirrorFields{
    MirrorField{"artist", "artist"},       MirrorField{"album", "album"},
    MirrorField{"title", "title"},         MirrorField{"side", "side"},
    MirrorField{"track", "track"},         MirrorField{"state", "state"},
    MirrorField{"cover_url", "cover_url"}, MirrorField{"duration", "duration_s"}};

std::string plainText(const json::Value* value) {
    if (!value || value->isNull())
        return {};
    if (const auto* text = value->string())
        return *text;
    if (const auto* whole = value->integer())
        return std::to_string(*whole);
    if (const auto* real = value->real())
        return std::to_string(std::llround(*real));
    return {};
}

} // namespace

std::string Publications::topicOf(const LogRow& row) const {
    if (row.kind == LogRow::Kind::state)
        return topics_.state(row.name, row.deck);
    const EventType* type = findEventType(row.name);
    return topics_.event(type ? type->family : "system");
}

Message Publications::event(const LogRow& row, WallTime now) const {
    Message message;
    message.topic = topicOf(row);
    message.payload = document(row);
    message.content_type = "application/json";
    if (row.expires_at)
        message.expiry_s = static_cast<std::uint32_t>(std::max<std::int64_t>(
            1, std::chrono::duration_cast<std::chrono::seconds>(*row.expires_at - now).count()));
    // CloudEvents' binary mode for MQTT 5 (CloudEvents 1.0, MQTT protocol binding 3.1).
    message.user_properties = {{"specversion", "1.0"},
                               {"id", row.id},
                               {"source", topics_.root()},
                               {"type", row.name},
                               {"time", isoTime(row.at)}};
    return message;
}

void Publications::mirror(const LogRow& row, std::vector<Message>& messages) {
    const json::Value body = json::parse(row.body);
    const auto say = [&](const std::string& topic, std::string payload) {
        const auto before = mirrored_.find(topic);
        if (before != mirrored_.end() && before->second == payload)
            return;
        mirrored_[topic] = payload;
        messages.push_back({topic, std::move(payload), 1, true, {}, {}, {}, {}});
    };
    for (const MirrorField& field : mirrorFields)
        say(topics_.value(row.deck, field.topic), plainText(body.find(field.member)));
    say(topics_.cover(row.deck), box_.cover(row.deck));
}

void Publications::configured(const std::vector<Deck>& decks) {
    decks_.clear();
    for (const Deck& deck : decks)
        decks_.insert(deck.id);
}

std::vector<Message> Publications::of(const LogRow& row, WallTime now) {
    if (row.kind == LogRow::Kind::event)
        return {event(row, now)};
    if (!row.deck.empty() && !decks_.contains(row.deck))
        return {};
    std::vector<Message> messages{
        {topicOf(row), document(row), 1, true, {}, "application/json", {}, {}}};
    if (row.name == "now_playing")
        mirror(row, messages);
    return messages;
}

Message Publications::status(bool online) const {
    return {topics_.status(), online ? "online" : "offline", 1, true, {}, {}, {}, {}};
}

Message Publications::update() const {
    Update update;
    update.installed_version = update.latest_version = box_.version();
    return {
        topics_.state("update", ""), json::write(update), 1, true, {}, "application/json", {}, {}};
}

Message Publications::info(const std::vector<Deck>& decks, std::int64_t seq, WallTime now) const {
    Info info;
    info.seq = seq;
    info.ts = isoTime(now);
    info.version = box_.version();
    info.boot_id = box_.bootId();
    info.base_url = box_.baseUrl();
    for (const Deck& deck : decks)
        info.decks.push_back({deck.id, deck.name});
    for (const EventType& type : eventTypes())
        info.event_types.emplace_back(type.name);
    return {topics_.info(), json::write(info), 1, true, {}, "application/json", {}, {}};
}

Message Publications::health(const OutboxStats& outbox, const LinkStatus& link, std::int64_t seq,
                             WallTime now) const {
    const BoxHealth box = box_.health();
    Health health;
    health.seq = seq;
    health.ts = isoTime(now);
    health.uptime_s = box.uptime_s;
    health.outbox = outbox;
    health.mqtt.reconnects = link.reconnects;
    if (!link.problem.empty())
        health.mqtt.problem = link.problem;
    health.disk_free_mb = box.disk_free_mb;
    health.temp_c = box.temp_c;
    return {topics_.health(), json::write(health), 0,  true,
            healthExpiry_s,   "application/json",  {}, {}};
}

} // namespace gatefold::mqtt
