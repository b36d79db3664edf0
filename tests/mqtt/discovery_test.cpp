#include "broker.hpp"
#include "core/error.hpp"
#include "discovery_rules.hpp"

#include "mqtt/home_assistant.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace gatefold;
using namespace gatefold::test;

namespace {

std::vector<mqtt::Message> published(mqtt::Discovery form) {
    mqtt::Config config;
    config.node = "den";
    config.discovery = form;
    const Box box;
    return mqtt::discovery(config, mqtt::Topics(config),
                           {{"main", "Main", 1, {}}, {"attic", "Attic & roof", 2, {}}}, box);
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

/// A document of ours with one part of its text changed.
std::vector<std::string> faultsWith(const std::string& from, const std::string& to) {
    std::string payload = published(mqtt::Discovery::device)[1].payload;
    const auto at = payload.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
    payload.replace(at, from.size(), to);
    std::set<std::string> ids;
    return discoveryFaults("homeassistant/device/x/config", payload, ids);
}

/// Each platform's entity of a device message by its key.
const json::Value& entity(const json::Value& root, std::string_view key) {
    return *root.find("components")->find(key);
}

constexpr const char* nowPlaying =
    R"({"state":"playing","summary":"Nina Simone – Sinnerman","artist":"Nina Simone","title":"Sinnerman","album":"Pastel Blues","side":"B","track":"B3","duration_s":622,"side_ends_at":"2026-03-01T20:14:30Z","needs_flip":true})";
constexpr const char* emptyDeck =
    R"({"state":"stopped","summary":null,"artist":null,"title":null,"album":null,"side":null,"track":null,"duration_s":null,"side_ends_at":null,"needs_flip":false})";

/// An event as it goes out.
std::string eventOf(const std::string& type, const std::string& deck, const std::string& data) {
    LogRow row;
    row.seq = 8131;
    row.id = "01JNQ6Z3X9K7V0A2M4T8R5W1BC";
    row.name = type;
    row.deck = deck;
    row.body = data;
    return document(row);
}

const std::string dueHere = eventOf("flip_due", "main", R"({"side":"A","next_side":"B"})");
const std::string dueThere = eventOf("flip_due", "attic", R"({"side":"A","next_side":"B"})");
const std::string endedHere = eventOf("side_ended", "main", R"({"side":"B","next_side":null})");
const std::string sticker = eventOf("nfc", "", R"({"uid":"04A2B3C4","outcome":"played"})");
const std::string barcode = eventOf("barcode", "", R"({"code":"0075992731312"})");
constexpr const char* collectionSize = R"({"records":204,"releases":198,"played_30d":9})";
constexpr const char* quiet =
    R"({"outbox":{"pending":3,"oldest_s":1,"parked":0,"expired":0},"mqtt":{"reconnects":0}})";
constexpr const char* troubled =
    R"({"outbox":{"pending":0,"oldest_s":0,"parked":2,"expired":0},"mqtt":{"reconnects":0}})";

/// What each template of the table makes of what it gets. Home Assistant takes `{}` for no event,
/// an empty tag for no tag, and "None" for an unknown time.
struct Rendering {
    const char* key;
    std::string payload, expected;
};
const std::vector<Rendering> renderings{
    {"now_playing", nowPlaying, "Nina Simone – Sinnerman"},
    {"now_playing", emptyDeck, ""},
    {"artist", nowPlaying, "Nina Simone"},
    {"artist", emptyDeck, ""},
    {"title", nowPlaying, "Sinnerman"},
    {"title", emptyDeck, ""},
    {"album", nowPlaying, "Pastel Blues"},
    {"album", emptyDeck, ""},
    {"side", nowPlaying, "B"},
    {"side", emptyDeck, ""},
    {"track", nowPlaying, "B3"},
    {"track", emptyDeck, ""},
    {"state", nowPlaying, "playing"},
    {"state", emptyDeck, "stopped"},
    {"running", nowPlaying, "ON"},
    {"running", emptyDeck, "OFF"},
    {"side_ends_at", nowPlaying, "2026-03-01T20:14:30Z"},
    {"side_ends_at", emptyDeck, "None"},
    {"needs_flip", nowPlaying, "ON"},
    {"needs_flip", emptyDeck, "OFF"},
    {"event", dueHere, dueHere},
    {"event", dueThere, "{}"},
    {"flip_due", dueHere, "flip_due"},
    {"flip_due", endedHere, "side_ended"},
    {"flip_due", dueThere, ""},
    {"tag", sticker, "04A2B3C4"},
    {"tag", barcode, ""},
    {"collection", collectionSize, "204"},
    {"health", quiet, "OFF"},
    {"health", troubled, "ON"},
    {"outbox", quiet, "3"},
};

/// The box and the deck "main" of a house with two decks.
std::vector<json::Member> components() {
    std::vector<json::Member> all;
    const auto messages = published(mqtt::Discovery::device);
    for (const std::size_t device : {0U, 1U}) {
        const json::Value root = json::parse(messages.at(device).payload);
        for (const json::Member& one : *root.find("components")->object())
            all.push_back(one);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_template_makes_of_each_document_what_home_assistant_expects) {
    for (const json::Member& one : components()) {
        const json::Value* text = one.value.find("value_template");
        int rendered_times = 0;
        for (const Rendering& row : renderings)
            if (text && row.key == one.name) {
                BOOST_TEST(rendered(*text->string(), row.payload) == row.expected, row.key);
                ++rendered_times;
            }
        BOOST_TEST((text == nullptr || rendered_times > 0), "nobody renders " + one.name);
    }
}

BOOST_AUTO_TEST_CASE(events_and_triggers_fit_what_their_configuration_promises) {
    for (const json::Member& one : components()) {
        const json::Value* types = one.value.find("event_types");
        if (!types)
            continue;
        // What comes through a template, or as it is, names a listed type.
        const std::string payload = one.name == "event" ? dueHere : sticker;
        const json::Value event = json::parse(payload);
        const json::Array& listed = *types->array();
        BOOST_TEST(
            (std::find(listed.begin(), listed.end(), *event.find("event_type")) != listed.end()));
        BOOST_TEST(listed.size() == (one.name == "event" ? 9U : 3U));
    }
    const auto all = components();
    const auto trigger = std::find_if(
        all.begin(), all.end(), [](const json::Member& one) { return one.name == "flip_due"; });
    BOOST_REQUIRE((trigger != all.end()));
    BOOST_TEST(rendered(*trigger->value.find("value_template")->string(), dueHere) ==
               *trigger->value.find("payload")->string());
}

BOOST_AUTO_TEST_CASE(home_assistant_takes_every_configuration_in_both_forms) {
    for (const auto form : {mqtt::Discovery::device, mqtt::Discovery::component}) {
        std::set<std::string> ids;
        const auto messages = published(form);
        BOOST_TEST(messages.size() == (form == mqtt::Discovery::device ? 3U : 36U));
        for (const mqtt::Message& message : messages) {
            BOOST_TEST(joined(discoveryFaults(message.topic, message.payload, ids)) == "",
                       message.topic);
            BOOST_TEST(message.retain);
        }
        BOOST_TEST(ids.contains("gatefold_den_main_now_playing"));
        BOOST_TEST(ids.contains("gatefold_den_outbox"));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_document_is_found_out) {
    BOOST_TEST(joined(faultsWith("\"availability_topic\"", "\"status_topic\"")) != "");
    BOOST_TEST(joined(faultsWith("\"origin\"", "\"orgin\"")) != "");
    BOOST_TEST(joined(faultsWith("\"device_class\":\"enum\"", "\"device_class\":\"enumm\"")) != "");
    BOOST_TEST(joined(faultsWith("gatefold_den_main_artist", "gatefold_den_main_title")) ==
               "title: unique_id twice: gatefold_den_main_title\n");
    BOOST_TEST(joined(faultsWith("\"json_attributes_topic\"", "\"attributes_topic\"")) ==
               "now_playing: unknown key attributes_topic\n");
    BOOST_TEST(joined(faultsWith("\"image_topic\"", "\"topic\"")) != "");
    BOOST_TEST(joined(faultsWith("\"command_topic\":\"", "\"command_topic\":\"/")) ==
               "flip: bad command_topic\n");
    BOOST_TEST(joined(faultsWith("\"platform\":\"sensor\"", "\"platform\":\"media_player\"")) !=
               "");
    BOOST_CHECK_THROW(rendered("{% if x %}", "{}"), Error);
}

BOOST_AUTO_TEST_CASE(published_documents_render_to_the_states_that_people_expect) {
    Broker broker;
    Subscriber watcher(broker.port, "#");
    Daemon daemon(broker.port);
    daemon.state("now_playing", "main", nowPlaying);
    daemon.state("collection", "", R"({"records":204,"releases":198,"played_30d":9})");
    daemon.start();
    const std::string root_topic = "homeassistant/device/gatefold_den";
    for (const std::string& topic :
         {root_topic + "_main/config", root_topic + "/config",
          std::string("gatefold/v1/den/main/now_playing"),
          std::string("gatefold/v1/den/collection"), std::string("gatefold/v1/den/health")})
        BOOST_REQUIRE(eventually([&] { return watcher.count(topic) > 0; }));
    const json::Value deck = json::parse(watcher.latest(root_topic + "_main/config"));
    const json::Value box = json::parse(watcher.latest(root_topic + "/config"));
    const auto state = [&](const json::Value& root, std::string_view key) {
        const json::Value& one = entity(root, key);
        const std::string payload = watcher.latest(*one.find("state_topic")->string());
        const std::string value = rendered(*one.find("value_template")->string(), payload);
        BOOST_TEST(joined(stateFaults(one, value)) == "", key);
        return value;
    };
    BOOST_TEST(state(deck, "now_playing") == "Nina Simone – Sinnerman");
    BOOST_TEST(state(deck, "artist") == "Nina Simone");
    BOOST_TEST(state(deck, "title") == "Sinnerman");
    BOOST_TEST(state(deck, "album") == "Pastel Blues");
    BOOST_TEST(state(deck, "side") == "B");
    BOOST_TEST(state(deck, "track") == "B3");
    BOOST_TEST(state(deck, "state") == "playing");
    BOOST_TEST(state(deck, "running") == "ON");
    BOOST_TEST(state(deck, "needs_flip") == "ON");
    BOOST_TEST(state(deck, "side_ends_at") == "2026-03-01T20:14:30Z");
    BOOST_TEST(state(box, "collection") == "204");
    BOOST_TEST(state(box, "outbox") == "2"); // as of the connection
    BOOST_TEST(state(box, "health") == "OFF");

    daemon.state("now_playing", "main", emptyDeck);
    BOOST_REQUIRE(eventually([&] {
        return watcher.latest("gatefold/v1/den/main/now_playing").find("stopped") !=
               std::string::npos;
    }));
    for (const char* key : {"now_playing", "artist", "title", "album", "side", "track"})
        BOOST_TEST(state(deck, key) == "", key);
    BOOST_TEST(state(deck, "side_ends_at") == "None");
    BOOST_TEST(state(deck, "state") == "stopped");
    BOOST_TEST(state(deck, "running") == "OFF");
    BOOST_TEST(state(deck, "needs_flip") == "OFF");
}

BOOST_AUTO_TEST_CASE(every_button_presses_a_command_that_is_taken) {
    Broker broker;
    Subscriber watcher(broker.port, "#");
    Daemon daemon(broker.port);
    daemon.start();
    const std::string topic = "homeassistant/device/gatefold_den_main/config";
    BOOST_REQUIRE(eventually([&] { return watcher.count(topic) > 0; }));
    const json::Value deck = json::parse(watcher.latest(topic));
    for (const char* key : {"flip", "stop"})
        watcher.publish(*entity(deck, key).find("command_topic")->string(),
                        *entity(deck, key).find("payload_press")->string());
    BOOST_TEST(eventually([&] { return daemon.orders.got().size() == 2; }));
    BOOST_TEST(daemon.orders.got()[0].verb == "mark_flipped");
    BOOST_TEST(daemon.orders.got()[0].deck.value_or("") == "main");
    BOOST_TEST(daemon.orders.got()[1].verb == "stop");
}
