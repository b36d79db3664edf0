#include "mqtt/home_assistant.hpp"

#include "core/error.hpp"
#include "core/event.hpp"
#include "json/value.hpp"
#include "json/write.hpp"

#include <array>
#include <utility>

namespace gatefold::mqtt {

namespace {

using json::Value;

enum class Of { box, deck };
/// Which topic an entity reads.
enum class Reads { nothing, nowPlaying, cover, deckEvents, scanEvents, collection, health, update };

/// One entity. Empty members are left out. `{deck}` in a template stands for the deck's id.
struct Entity {
    Of of;
    std::string_view key; ///< stable: unique ids are made of it
    std::string_view platform;
    std::string_view name; ///< empty: the device's main entity
    Reads reads = Reads::nothing;
    std::string_view template_ = {};
    std::string_view device_class = {}, unit = {}, state_class = {}, category = {}, icon = {};
    std::string_view command = {}; ///< of a button: area/verb
    bool attributes = false;       ///< the whole document as attributes
};

// clang-format off
constexpr std::array entities{
    Entity{.of = Of::deck, .key = "now_playing", .platform = "sensor", .name = "", .reads = Reads::nowPlaying, .template_ = "{{ value_json.summary | default('', true) }}",
           .icon = "mdi:album", .attributes = true},
    Entity{.of = Of::deck, .key = "artist", .platform = "sensor", .name = "Artist", .reads = Reads::nowPlaying, .template_ = "{{ value_json.artist | default('', true) }}", .icon = "mdi:account-music"},
    Entity{.of = Of::deck, .key = "title", .platform = "sensor", .name = "Title", .reads = Reads::nowPlaying, .template_ = "{{ value_json.title | default('', true) }}", .icon = "mdi:music-note"},
    Entity{.of = Of::deck, .key = "album", .platform = "sensor", .name = "Album", .reads = Reads::nowPlaying, .template_ = "{{ value_json.album | default('', true) }}", .icon = "mdi:album"},
    Entity{.of = Of::deck, .key = "side", .platform = "sensor", .name = "Side", .reads = Reads::nowPlaying, .template_ = "{{ value_json.side | default('', true) }}", .icon = "mdi:record-circle-outline"},
    Entity{.of = Of::deck, .key = "track", .platform = "sensor", .name = "Track", .reads = Reads::nowPlaying, .template_ = "{{ value_json.track | default('', true) }}", .icon = "mdi:playlist-music"},
    Entity{.of = Of::deck, .key = "state", .platform = "sensor", .name = "State", .reads = Reads::nowPlaying, .template_ = "{{ value_json.state }}", .device_class = "enum", .icon = "mdi:record-player"},
    Entity{.of = Of::deck, .key = "running", .platform = "binary_sensor", .name = "Running", .reads = Reads::nowPlaying,
           .template_ = "{{ 'ON' if value_json.state == 'playing' else 'OFF' }}", .device_class = "running"},
    Entity{.of = Of::deck, .key = "side_ends_at", .platform = "sensor", .name = "Side ends at", .reads = Reads::nowPlaying, .template_ = "{{ value_json.side_ends_at }}", .device_class = "timestamp"},
    Entity{.of = Of::deck, .key = "needs_flip", .platform = "binary_sensor", .name = "Needs flip", .reads = Reads::nowPlaying,
           .template_ = "{{ 'ON' if value_json.needs_flip else 'OFF' }}", .icon = "mdi:rotate-3d-variant"},
    Entity{.of = Of::deck, .key = "event", .platform = "event", .name = "Event", .reads = Reads::deckEvents, .template_ = "{{ value if value_json.deck == '{deck}' else '{}' }}", .icon = "mdi:record-player"},
    Entity{.of = Of::deck, .key = "flip_due", .platform = "device_automation", .name = "Flip due", .reads = Reads::deckEvents,
           .template_ = "{{ value_json.event_type if value_json.deck == '{deck}' else '' }}"},
    Entity{.of = Of::deck, .key = "cover", .platform = "image", .name = "Cover", .reads = Reads::cover},
    Entity{.of = Of::deck, .key = "flip", .platform = "button", .name = "Flipped", .icon = "mdi:rotate-3d-variant", .command = "deck/mark_flipped"},
    Entity{.of = Of::deck, .key = "stop", .platform = "button", .name = "Stop", .icon = "mdi:stop", .command = "deck/stop"},
    Entity{.of = Of::box, .key = "scan", .platform = "event", .name = "Scan", .reads = Reads::scanEvents, .icon = "mdi:barcode-scan"},
    Entity{.of = Of::box, .key = "tag", .platform = "tag", .name = "Tag", .reads = Reads::scanEvents, .template_ = "{{ value_json.data.uid | default('', true) }}"},
    Entity{.of = Of::box, .key = "collection", .platform = "sensor", .name = "Collection", .reads = Reads::collection, .template_ = "{{ value_json.records }}",
           .unit = "records", .state_class = "measurement", .icon = "mdi:bookshelf"},
    Entity{.of = Of::box, .key = "health", .platform = "binary_sensor", .name = "Problem", .reads = Reads::health,
           .template_ = "{{ 'ON' if value_json.outbox.parked > 0 else 'OFF' }}", .device_class = "problem", .category = "diagnostic"},
    Entity{.of = Of::box, .key = "outbox", .platform = "sensor", .name = "Outbox", .reads = Reads::health, .template_ = "{{ value_json.outbox.pending }}",
           .unit = "messages", .state_class = "measurement", .category = "diagnostic", .icon = "mdi:tray-arrow-up"},
    Entity{.of = Of::box, .key = "update", .platform = "update", .name = "Version", .reads = Reads::update, .category = "diagnostic"},
};
// clang-format on

constexpr std::array<std::string_view, 5> deckStates{"playing", "paused", "stopped", "run_out",
                                                     "unknown"};

std::string objectId(const Config& config, const Deck* deck) {
    return "gatefold_" + config.node + (deck ? "_" + deck->id : "");
}

/// `deck` is null for an entity of the box, which reads no deck's topic.
std::string topicOf(const Topics& topics, const Entity& entity, const Deck* deck) {
    const std::string id = deck ? deck->id : std::string();
    switch (entity.reads) {
    case Reads::nothing: return {};
    case Reads::nowPlaying: return topics.state("now_playing", id);
    case Reads::cover: return topics.cover(id);
    case Reads::deckEvents: return topics.event("deck");
    case Reads::scanEvents: return topics.event("scan");
    case Reads::collection: return topics.state("collection", "");
    case Reads::health: return topics.health();
    case Reads::update: return topics.state("update", "");
    }
    return {};
}

std::string forDeck(std::string_view text, const Deck* deck) {
    constexpr std::string_view place = "{deck}";
    std::string out(text);
    const auto at = out.find(place);
    if (deck && at != std::string::npos)
        out.replace(at, place.size(), deck->id);
    return out;
}

Value device(const Config& config, const Deck* deck, const BoxFacts& box) {
    Value device;
    device.set("identifiers", json::Array{objectId(config, deck)});
    device.set("name", deck ? deck->name : std::string("Gatefold"));
    device.set("manufacturer", "Gatefold");
    device.set("model", deck ? "Deck" : "Box");
    device.set("sw_version", box.version());
    device.set("configuration_url", box.baseUrl());
    if (deck)
        device.set("via_device", objectId(config, nullptr));
    return device;
}

Value origin(const BoxFacts& box) {
    Value origin;
    origin.set("name", "Gatefold");
    origin.set("sw_version", box.version());
    return origin;
}

void setTrigger(Value& out, const Topics& topics, const Entity& entity, const Deck* deck) {
    out.set("automation_type", "trigger");
    out.set("type", std::string(entity.key));
    out.set("subtype", "record");
    out.set("topic", topicOf(topics, entity, deck));
    out.set("payload", std::string(entity.key));
    out.set("value_template", forDeck(entity.template_, deck));
}

void setCommon(Value& out, const Config& config, const Entity& entity, const Deck* deck) {
    out.set("name", entity.name.empty() ? Value() : Value(std::string(entity.name)));
    out.set("unique_id", objectId(config, deck) + "_" + std::string(entity.key));
    const auto optional = [&](const char* key, std::string_view value) {
        if (!value.empty())
            out.set(key, std::string(value));
    };
    optional("device_class", entity.device_class);
    optional("unit_of_measurement", entity.unit);
    optional("state_class", entity.state_class);
    optional("entity_category", entity.category);
    optional("icon", entity.icon);
}

void setEventTypes(Value& out, const Entity& entity) {
    json::Array types;
    for (const EventType& type : eventTypes())
        if (type.family == (entity.reads == Reads::deckEvents ? "deck" : "scan"))
            types.emplace_back(std::string(type.name));
    out.set("event_types", std::move(types));
}

Value component(const Config& config, const Topics& topics, const Entity& entity, const Deck* deck,
                bool several_decks) {
    Value out;
    out.set("platform", std::string(entity.platform));
    const std::string topic = topicOf(topics, entity, deck);
    if (entity.platform == "device_automation") {
        setTrigger(out, topics, entity, deck);
        return out;
    }
    if (entity.platform == "tag") {
        out.set("topic", topic);
        out.set("value_template", std::string(entity.template_));
        return out;
    }
    setCommon(out, config, entity, deck);
    if (entity.platform == "button") {
        Value press;
        press.set("deck", deck->id);
        out.set("command_topic", topics.command(entity.command));
        out.set("payload_press", json::write(press));
        return out;
    }
    if (entity.platform == "image") {
        out.set("image_topic", topic);
        out.set("content_type", "image/jpeg");
        return out;
    }
    out.set("state_topic", topic);
    if (entity.platform == "event") {
        setEventTypes(out, entity);
        if (deck && several_decks)
            out.set("value_template", forDeck(entity.template_, deck));
        return out;
    }
    if (!entity.template_.empty())
        out.set("value_template", std::string(entity.template_));
    if (entity.device_class == "enum") {
        json::Array options;
        for (const std::string_view state : deckStates)
            options.emplace_back(std::string(state));
        out.set("options", std::move(options));
    }
    if (entity.attributes)
        out.set("json_attributes_topic", topic);
    return out;
}

/// Home Assistant 2024.11 and later: one message a device.
Message deviceForm(const Config& config, const Topics& topics, const Deck* deck,
                   const BoxFacts& box, bool several_decks) {
    Value components;
    for (const Entity& entity : entities)
        if ((entity.of == Of::deck) == (deck != nullptr))
            components.set(entity.key, component(config, topics, entity, deck, several_decks));
    Value root;
    root.set("device", device(config, deck, box));
    root.set("origin", origin(box));
    root.set("components", std::move(components));
    root.set("availability_topic", topics.status());
    root.set("qos", 1);
    return {config.discovery_prefix + "/device/" + objectId(config, deck) + "/config",
            json::write(root),
            1,
            true,
            {},
            {},
            {},
            {}};
}

/// For whoever does not know the device form: one message an entity.
Message componentForm(const Config& config, const Topics& topics, const Entity& entity,
                      const Deck* deck, const BoxFacts& box, bool several_decks) {
    Value one = component(config, topics, entity, deck, several_decks);
    one.object()->erase(one.object()->begin()); // the platform stands in the topic
    one.set("device", device(config, deck, box));
    one.set("origin", origin(box));
    if (entity.platform != "device_automation" && entity.platform != "tag") {
        one.set("availability_topic", topics.status());
        one.set("qos", 1);
    }
    return {config.discovery_prefix + "/" + std::string(entity.platform) + "/" +
                objectId(config, deck) + "/" + std::string(entity.key) + "/config",
            json::write(one),
            1,
            true,
            {},
            {},
            {},
            {}};
}

/// For the community's mqtt_media_player: plain-text topics of the flat mirror.
Message mediaPlayer(const Config& config, const Topics& topics, const Deck& deck) {
    Value out;
    out.set("name", deck.name);
    out.set("unique_id", objectId(config, &deck) + "_media_player");
    for (const char* field : {"state", "title", "artist", "album", "duration"})
        out.set("state_" + std::string(field) + "_topic", topics.value(deck.id, field));
    out.set("state_albumart_topic", topics.cover(deck.id));
    return {config.discovery_prefix + "/media_player/" + objectId(config, &deck) + "/config",
            json::write(out),
            1,
            true,
            {},
            {},
            {},
            {}};
}

} // namespace

std::vector<Message> discovery(const Config& config, const Topics& topics,
                               const std::vector<Deck>& decks, const BoxFacts& box) {
    std::vector<Message> messages;
    if (config.discovery == Discovery::off)
        return messages;
    const bool several = decks.size() > 1;
    std::vector<const Deck*> devices{nullptr};
    for (const Deck& deck : decks)
        devices.push_back(&deck);
    for (const Deck* deck : devices) {
        if (config.discovery == Discovery::device) {
            messages.push_back(deviceForm(config, topics, deck, box, several));
            continue;
        }
        for (const Entity& entity : entities)
            if ((entity.of == Of::deck) == (deck != nullptr))
                messages.push_back(componentForm(config, topics, entity, deck, box, several));
    }
    if (config.media_player_compat)
        for (const Deck& deck : decks)
            messages.push_back(mediaPlayer(config, topics, deck));
    return messages;
}

std::vector<std::string> discoveryFilters(const Config& config) {
    return {config.discovery_prefix + "/device/+/config", config.discovery_prefix + "/+/+/+/config",
            config.discovery_prefix + "/media_player/+/config"};
}

bool isOurs(const Config& config, std::string_view payload) {
    try {
        const Value document = json::parse(payload);
        const Value* available = document.find("availability_topic");
        if (available && available->string())
            return *available->string() == Topics(config).status();
        // Triggers, tags and media players name no availability; their device or unique id does.
        const Value* id = document.find("unique_id");
        const Value* owner = document.find("device");
        const Value* ids = owner ? owner->find("identifiers") : nullptr;
        if (ids && ids->array() && !ids->array()->empty())
            id = &ids->array()->front();
        const std::string ours = objectId(config, nullptr);
        return id && id->string() &&
               (*id->string() == ours || id->string()->starts_with(ours + "_"));
    } catch (const Error&) {
        return false;
    }
}

} // namespace gatefold::mqtt
