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

} // namespace

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
    BOOST_REQUIRE(eventually([&] {
        return daemon.outbox().pending == 0 && watcher.count(root_topic + "_main/config") > 0 &&
               watcher.count("gatefold/v1/den/health") > 0;
    }));
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
