#include "broker.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace gatefold;
using namespace gatefold::test;
namespace data = boost::unit_test::data;

namespace {

constexpr const char* playingPastelBlues =
    R"({"state":"playing","summary":"Nina Simone – Sinnerman","artist":"Nina Simone","title":"Sinnerman","album":"Pastel Blues","side":"B","track":"B3","duration_s":622,"cover_url":null})";

/// Of each event the place of its first arrival.
std::vector<std::int64_t> firstArrivals(const std::vector<Seen>& seen) {
    std::vector<std::int64_t> seqs;
    for (const Seen& one : seen) {
        const auto at = one.payload.find("\"seq\":");
        const std::int64_t seq = std::stoll(one.payload.substr(at + 6));
        if (std::find(seqs.begin(), seqs.end(), seq) == seqs.end())
            seqs.push_back(seq);
    }
    return seqs;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_event_goes_out_unretained_with_its_cloud_event_head) {
    Broker broker;
    Subscriber watcher(broker.port, "gatefold/v1/den/#");
    Daemon daemon(broker.port);
    daemon.start();
    BOOST_TEST(eventually([&] { return watcher.latest("gatefold/v1/den/status") == "online"; }));
    daemon.event("flip_due");
    BOOST_REQUIRE(eventually([&] { return watcher.count("gatefold/v1/den/event/deck") == 1; }));
    for (const Seen& one : watcher.seen())
        if (one.topic == "gatefold/v1/den/event/deck") {
            BOOST_TEST(!one.retained);
            BOOST_TEST(one.content_type == "application/json");
            BOOST_TEST((one.expiry_s > 500 && one.expiry_s <= 600));
            BOOST_TEST(one.user.at("specversion") == "1.0");
            BOOST_TEST(one.user.at("type") == "flip_due");
        }
    daemon.stop();
    BOOST_TEST(eventually([&] { return watcher.latest("gatefold/v1/den/status") == "offline"; }));
}

BOOST_AUTO_TEST_CASE(now_playing_is_retained_with_its_flat_mirror) {
    Broker broker;
    Daemon daemon(broker.port);
    daemon.state("now_playing", "main", playingPastelBlues);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.outbox().pending == 0; }));
    Subscriber late(broker.port, "gatefold/v1/den/main/#");
    BOOST_TEST(eventually(
        [&] { return late.latest("gatefold/v1/den/main/value/artist") == "Nina Simone"; }));
    BOOST_TEST(eventually([&] { return late.count("gatefold/v1/den/main/now_playing") == 1; }));
    BOOST_TEST(
        eventually([&] { return late.latest("gatefold/v1/den/main/value/duration") == "622"; }));
    for (const Seen& one : late.seen())
        BOOST_TEST(one.retained);
}

BOOST_AUTO_TEST_CASE(a_broker_that_comes_later_gets_all_in_order_and_one_state) {
    Broker broker;
    Subscriber events(broker.port, "gatefold/v1/den/event/#");
    Subscriber states(broker.port, "gatefold/v1/den/collection");
    // A subscriber without a session yet would miss what comes first.
    events.publish("gatefold/v1/den/event/deck", R"({"seq":0})");
    BOOST_REQUIRE(eventually([&] { return events.seen().size() == 1; }));
    broker.stop();
    Daemon daemon(broker.port);
    daemon.start();
    std::vector<std::int64_t> expected{0};
    for (int i = 0; i < 100; ++i) {
        expected.push_back(daemon.event("track_started"));
        daemon.state("collection", "", R"({"records":)" + std::to_string(i) + "}");
    }
    BOOST_TEST(eventually([&] { return !daemon.status().problem.empty(); }));
    broker.start();
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(eventually([&] { return firstArrivals(events.seen()).size() == 101; }));
    BOOST_TEST(firstArrivals(events.seen()) == expected, boost::test_tools::per_element());
    for (const Seen& one : states.seen())
        BOOST_TEST(one.payload.find(R"("records":99)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(three_stops_of_the_broker_lose_and_reorder_nothing) {
    Broker broker;
    Subscriber watcher(broker.port, "gatefold/v1/den/event/#");
    watcher.publish("gatefold/v1/den/event/deck", R"({"seq":0})");
    BOOST_REQUIRE(eventually([&] { return watcher.seen().size() == 1; }));
    Daemon daemon(broker.port);
    daemon.start();
    std::vector<std::int64_t> expected{0};
    for (int stop = 0; stop < 3; ++stop) {
        for (int i = 0; i < 150; ++i)
            expected.push_back(daemon.event("track_started"));
        broker.stop(SIGTERM);
        for (int i = 0; i < 50; ++i)
            expected.push_back(daemon.event("track_started"));
        broker.start();
    }
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(eventually([&] { return firstArrivals(watcher.seen()).size() == 601; }));
    BOOST_TEST(firstArrivals(watcher.seen()) == expected, boost::test_tools::per_element());
    BOOST_TEST(daemon.status().reconnects >= 1);
}

BOOST_AUTO_TEST_CASE(commands_run_once_an_id_and_never_when_retained) {
    Broker broker;
    Subscriber asker(broker.port, "answers/#");
    Subscriber answers(broker.port, "gatefold/v1/den/rsp/#");
    Subscriber watcher(broker.port, "gatefold/v1/den/status");
    Daemon daemon(broker.port);
    asker.publish("gatefold/v1/den/cmd/deck/stop", "", true);
    asker.publish("gatefold/v1/den/cmd/deck/stop", "main", true);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return watcher.latest("gatefold/v1/den/status") == "online"; }));
    asker.publish("gatefold/v1/den/cmd/deck/stop", "main", true); // live, but to be kept
    const std::string flip = R"({"id":"c-77f1","deck":"main"})";
    asker.publish("gatefold/v1/den/cmd/deck/mark_flipped", flip, false, "answers/a");
    asker.publish("gatefold/v1/den/cmd/deck/mark_flipped", flip, false, "answers/a");
    BOOST_TEST(eventually([&] { return asker.count("answers/a") == 2; }));
    BOOST_TEST(asker.latest("answers/a") == R"({"v":1,"id":"c-77f1","ok":true,"seq":7})");
    asker.publish("gatefold/v1/den/cmd/deck/explode", "{}", false, "answers/b");
    BOOST_TEST(eventually([&] { return asker.count("answers/b") == 1; }));
    BOOST_TEST(asker.latest("answers/b").find(R"("ok":false)") != std::string::npos);
    asker.publish("gatefold/v1/den/cmd/deck/stop",
                  R"({"id":"c-9","dekc":"main","requester":"me"})");
    BOOST_TEST(eventually([&] { return answers.count("gatefold/v1/den/rsp/me") == 1; }));
    BOOST_TEST(
        answers.latest("gatefold/v1/den/rsp/me") ==
        R"({"v":1,"id":"c-9","ok":false,"error":{"code":"invalid","message":"dekc is not known here"}})");
    BOOST_REQUIRE(daemon.orders.got().size() == 1U);
    BOOST_TEST(daemon.orders.got().front().verb == "mark_flipped");
}

BOOST_AUTO_TEST_CASE(kept_events_go_again_to_the_asker_only) {
    Broker broker;
    Subscriber watcher(broker.port, "#");
    Daemon daemon(broker.port);
    daemon.start();
    const auto first = daemon.event("record_on");
    daemon.event("record_off");
    BOOST_REQUIRE(eventually([&] { return watcher.count("gatefold/v1/den/event/deck") == 2; }));
    watcher.publish("gatefold/v1/den/cmd/events/replay",
                    R"({"from_seq":)" + std::to_string(first) + R"(,"max":1})", false, "answers/r");
    BOOST_TEST(eventually([&] { return watcher.count("answers/r") == 2; }));
    BOOST_TEST(watcher.count("gatefold/v1/den/event/deck") == 2);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_a_problem_in_words) {
    Broker broker("allow_anonymous false\n");
    Daemon daemon(broker.port, [](mqtt::Config& config) {
        config.username = "gatefold";
        config.password = "wrong";
    });
    daemon.start();
    BOOST_TEST(eventually([&] {
        return daemon.status().problem == "The broker refuses this user name or password.";
    }));
    BOOST_TEST(!daemon.status().connected);
}

BOOST_AUTO_TEST_CASE(a_certificate_file_that_is_not_there_never_means_plain_text) {
    Broker broker;
    Daemon daemon(broker.port, [](mqtt::Config& config) {
        config.tls = true;
        config.ca_file = "/nonexistent/ca.pem";
    });
    daemon.start();
    BOOST_TEST(eventually([&] {
        return daemon.status().problem ==
               "TLS to the broker cannot be set up; look at mqtt.ca_file.";
    }));
    BOOST_TEST(!daemon.status().connected);
}

BOOST_AUTO_TEST_CASE(a_message_too_large_for_the_broker_is_parked_and_events_go_on) {
    Broker broker("allow_anonymous true\nmax_packet_size 12000\n");
    Subscriber watcher(broker.port, "gatefold/v1/den/event/#");
    Daemon daemon(broker.port);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.status().connected; }));
    daemon.event("flip_due", R"({"since":")" + std::string(20000, 'x') + "\"}");
    daemon.event("flipped");
    BOOST_TEST(eventually([&] { return daemon.outbox().parked == 1; }));
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(eventually([&] {
        return watcher.latest("gatefold/v1/den/event/deck").find("flipped") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(discovery_is_kept_and_strangers_of_ours_are_cleared) {
    Broker broker;
    Subscriber watcher(broker.port, "homeassistant/#");
    const std::string old = "homeassistant/device/gatefold_den_gone/config";
    const std::string other = "homeassistant/device/somebody/config";
    watcher.publish(old, R"({"availability_topic":"gatefold/v1/den/status"})", true);
    watcher.publish(other, R"({"availability_topic":"x/status"})", true);
    BOOST_REQUIRE(eventually([&] { return watcher.seen().size() == 2; }));
    Daemon daemon(broker.port);
    daemon.start();
    BOOST_TEST(eventually([&] { return watcher.latest(old).empty(); }));
    BOOST_TEST(watcher.count(other) == 1);
    for (const char* topic : {"homeassistant/device/gatefold_den/config",
                              "homeassistant/device/gatefold_den_main/config"})
        BOOST_TEST(eventually([&] { return watcher.count(topic) >= 1; }));
}

BOOST_AUTO_TEST_CASE(home_assistants_birth_is_answered_without_events) {
    Broker broker;
    Subscriber watcher(broker.port, "#");
    Daemon daemon(broker.port);
    daemon.start();
    daemon.event("flipped");
    BOOST_REQUIRE(eventually([&] { return watcher.count("gatefold/v1/den/event/deck") == 1; }));
    watcher.publish("homeassistant/status", "online");
    BOOST_TEST(
        eventually([&] { return watcher.count("homeassistant/device/gatefold_den/config") == 2; }));
    BOOST_TEST(eventually([&] { return watcher.count("gatefold/v1/den/status") == 2; }));
    BOOST_TEST(watcher.count("gatefold/v1/den/event/deck") == 1);
}

BOOST_AUTO_TEST_CASE(a_broker_killed_and_restarted_gets_all_that_it_had_not_taken_in_order) {
    Broker broker;
    Daemon daemon(broker.port);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.status().connected; }));
    broker.stop(SIGKILL);
    std::vector<std::int64_t> expected;
    for (int i = 0; i < 300; ++i)
        expected.push_back(daemon.event("played"));
    // Its memory is gone, the watcher's session with it: the watcher is there before the box.
    BOOST_TEST(daemon.outbox().pending == 300);
    daemon.stop();
    broker.start();
    Subscriber watcher(broker.port, "gatefold/v1/den/event/#");
    daemon.start();
    BOOST_TEST(eventually([&] { return watcher.seen().size() >= 300; }));
    BOOST_TEST(firstArrivals(watcher.seen()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ten_thousand_events_keep_their_order) {
    Broker broker;
    Subscriber watcher(broker.port, "gatefold/v1/den/event/#");
    Daemon daemon(broker.port);
    const auto expected = daemon.events("played", 10'000);
    daemon.start();
    // As long as they keep coming there is no hurry.
    for (std::size_t before = 0; before < 10'000;) {
        BOOST_REQUIRE(eventually([&] { return watcher.size() > before; }));
        before = watcher.size();
    }
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    std::vector<std::int64_t> seqs;
    for (const Seen& one : watcher.seen())
        seqs.push_back(std::stoll(one.payload.substr(one.payload.find("\"seq\":") + 6)));
    BOOST_TEST((seqs == expected));
}

BOOST_AUTO_TEST_CASE(late_news_is_not_sent_but_counted) {
    Broker broker;
    Subscriber watcher(broker.port, "gatefold/v1/den/event/#");
    Daemon daemon(broker.port);
    daemon.event("side_ending", "{}", std::chrono::hours(1));
    daemon.event("played", "{}", std::chrono::hours(1));
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return watcher.seen().size() == 1; }));
    BOOST_TEST(watcher.seen().front().payload.find("played") != std::string::npos);
    BOOST_TEST(daemon.outbox().expired == 1);
    BOOST_TEST(watcher.seen().front().expiry_s > 2'000'000U);
}

BOOST_AUTO_TEST_CASE(retained_topics_of_a_deck_that_left_are_cleared) {
    Broker broker;
    const char* gone = "gatefold/v1/den/main/";
    Subscriber watcher(broker.port, "#");
    Daemon daemon(broker.port);
    daemon.state("now_playing", "main", playingPastelBlues);
    daemon.start();
    BOOST_REQUIRE(eventually([&] {
        return watcher.latest(std::string(gone) + "value/artist") == "Nina Simone" &&
               watcher.count("homeassistant/device/gatefold_den_main/config") > 0;
    }));
    daemon.stop();
    daemon.decks({{"attic", "Attic"}});
    daemon.start();
    for (const char* topic : {"now_playing", "value/artist", "value/state", "value/album"})
        BOOST_TEST(eventually([&] { return watcher.latest(std::string(gone) + topic).empty(); }));
    BOOST_TEST(eventually(
        [&] { return watcher.latest("homeassistant/device/gatefold_den_main/config").empty(); }));
    BOOST_TEST(eventually(
        [&] { return watcher.count("homeassistant/device/gatefold_den_attic/config") > 0; }));
    Subscriber late(broker.port, "gatefold/v1/den/#");
    BOOST_TEST(eventually([&] { return late.latest("gatefold/v1/den/status") == "online"; }));
    BOOST_TEST(late.count(std::string(gone) + "now_playing") == 0);
}

BOOST_AUTO_TEST_CASE(another_form_of_discovery_takes_the_place_of_the_one_before) {
    Broker broker;
    Subscriber watcher(broker.port, "homeassistant/#");
    const std::string device = "homeassistant/device/gatefold_den_main/config";
    const std::string single = "homeassistant/sensor/gatefold_den_main/artist/config";
    Daemon daemon(broker.port);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return watcher.count(device) > 0; }));
    daemon.stop();
    daemon.change([](mqtt::Config& config) {
        config.discovery = mqtt::Discovery::component;
        config.media_player_compat = true;
    });
    daemon.start();
    const std::string player = "homeassistant/media_player/gatefold_den_main/config";
    BOOST_TEST(eventually([&] { return watcher.count(single) > 0 && watcher.count(player) > 0; }));
    BOOST_TEST(eventually([&] { return watcher.latest(device).empty(); }));
    // The old one went first: Home Assistant refuses an id that another configuration holds.
    const auto seen = watcher.seen();
    const auto at = [&](const std::string& topic, bool empty) {
        return std::find_if(seen.begin(), seen.end(), [&](const Seen& one) {
            return one.topic == topic && one.payload.empty() == empty;
        });
    };
    BOOST_TEST((at(device, true) < at(single, false)));
    daemon.stop();
    daemon.change([](mqtt::Config& config) { config.discovery = mqtt::Discovery::off; });
    daemon.start();
    BOOST_TEST(eventually([&] { return watcher.latest(single).empty(); }));
    BOOST_TEST(eventually([&] { return watcher.latest(player).empty(); }));
}

BOOST_AUTO_TEST_CASE(retained_topics_go_again_at_every_connect) {
    Broker broker;
    Daemon daemon(broker.port);
    daemon.state("now_playing", "main", playingPastelBlues);
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.outbox().pending == 0; }));
    broker.stop(SIGKILL); // it kept nothing on disk yet
    broker.start();
    Subscriber late(broker.port, "#");
    for (const char* topic :
         {"gatefold/v1/den/status", "gatefold/v1/den/info", "gatefold/v1/den/update",
          "gatefold/v1/den/main/now_playing", "gatefold/v1/den/main/value/artist",
          "homeassistant/device/gatefold_den/config"})
        BOOST_TEST(eventually([&] { return late.count(topic) > 0; }), topic);
}

BOOST_AUTO_TEST_CASE(a_scan_over_the_broker_answers_what_the_scan_did) {
    Broker broker;
    Subscriber asker(broker.port, "answers/#");
    Subscriber watcher(broker.port, "gatefold/v1/den/#");
    Daemon daemon(broker.port);
    daemon.orders.document = R"({"id":"s_1","outcome":"played"})";
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return watcher.latest("gatefold/v1/den/status") == "online"; }));
    asker.publish("gatefold/v1/den/cmd/scan/submit", R"({"id":"x","code":"42"})", false,
                  "answers/scan", "beeper-7");
    const std::string expected =
        R"({"v":1,"id":"x","ok":true,"seq":7,"result":{"id":"s_1","outcome":"played"}})";
    BOOST_TEST(eventually([&] { return asker.latest("answers/scan") == expected; }));
    for (const Seen& one : asker.seen())
        BOOST_TEST(one.correlation == "beeper-7");
    asker.publish("gatefold/v1/den/cmd/scan/submit", R"({"code":"42","requester":"esp"})");
    BOOST_TEST(eventually([&] { return watcher.count("gatefold/v1/den/rsp/esp") == 1; }));
}

// Without a limit of queued messages mosquitto 2.0.11 hangs up at each refusal; 1000 is its
// default.
BOOST_DATA_TEST_CASE(a_forbidden_topic_holds_only_itself,
                     data::make({"max_queued_messages 0\n", "max_queued_messages 1000\n"}), limit) {
    const Folder folder;
    const std::string list = (folder.path / "acl").string();
    std::ofstream(list) << "topic deny gatefold/v1/den/event/scan\ntopic readwrite #\n";
    Broker broker("allow_anonymous true\nacl_file " + list + "\n" + limit);
    Subscriber watcher(broker.port, "gatefold/v1/den/#");
    Daemon daemon(broker.port);
    daemon.start();
    for (int i = 0; i < 100; ++i)
        daemon.event("barcode");
    const auto first = daemon.event("flipped");
    const auto second = daemon.event("record_off");
    BOOST_TEST(eventually([&] { return watcher.count("gatefold/v1/den/event/deck") >= 2; }));
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 100; }));
    std::vector<Seen> events;
    for (const Seen& one : watcher.seen())
        if (one.topic == "gatefold/v1/den/event/deck")
            events.push_back(one);
    BOOST_TEST(firstArrivals(events) == (std::vector<std::int64_t>{first, second}),
               boost::test_tools::per_element());
    const std::string words =
        "The broker forbids gatefold/v1/den/event/scan; look at its access list.";
    BOOST_TEST(eventually([&] { return daemon.status().problem == words; }));
    BOOST_TEST(eventually(
        [&] { return watcher.latest("gatefold/v1/den/health").find(words) != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(of_two_boxes_of_one_name_the_elder_gives_way_and_says_why) {
    Broker broker;
    Subscriber watcher(broker.port, "gatefold/v1/den/#");
    Daemon elder(broker.port);
    Daemon younger(broker.port);
    younger.box.boot = "boot-2";
    elder.clientTail("0f0f");
    younger.clientTail("0f0f");
    elder.start();
    BOOST_REQUIRE(eventually([&] { return watcher.count("gatefold/v1/den/info") == 1; }));
    younger.start();
    BOOST_TEST(eventually([&] {
        return elder.status().problem.starts_with("Another client uses our name gatefold-den-0f0f");
    }));
    BOOST_TEST(!elder.status().connected);
    BOOST_TEST(eventually([&] { return younger.status().connected; }));
    BOOST_TEST(eventually([&] { return watcher.latest("gatefold/v1/den/status") == "online"; }));
    BOOST_TEST(eventually([&] {
        return watcher.latest("gatefold/v1/den/info").find("boot-2") != std::string::npos;
    }));
}

/// Mosquitto of Debian 13 says that it is the reason, that of Debian 12 hangs up without a word.
BOOST_AUTO_TEST_CASE(a_stranger_of_our_name_is_named_as_the_possible_reason) {
    Broker broker;
    Daemon daemon(broker.port);
    daemon.clientTail("0f0f");
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.status().connected; }));
    const Subscriber stranger(broker.port, "x", "gatefold-den-0f0f");
    BOOST_TEST(eventually([&] {
        const std::string problem = daemon.status().problem;
        return problem == "The broker hangs up on us again and again. Look in its log whether "
                          "another client uses our name gatefold-den-0f0f." ||
               problem.starts_with(
                   "Another client uses our name gatefold-den-0f0f on this broker.");
    }));
}
