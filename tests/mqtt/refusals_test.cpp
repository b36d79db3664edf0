#include "broker.hpp"
#include "fake_broker.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <ostream>
#include <set>

/// What brokers answer that a well-kept mosquitto does not.
using namespace gatefold;
using namespace gatefold::test;
namespace data = boost::unit_test::data;

namespace {

const std::string deckEvents = "gatefold/v1/den/event/deck";
const std::string scanEvents = "gatefold/v1/den/event/scan";
const std::string healthTopic = "gatefold/v1/den/health";

/// The event types among payloads, in order.
std::vector<std::string> types(const std::vector<std::string>& payloads) {
    std::vector<std::string> found;
    for (const std::string& payload : payloads)
        for (const char* type : {"record_on", "flip_due", "flipped", "record_off", "barcode"})
            if (payload.find(std::string("\"event_type\":\"") + type + "\"") != std::string::npos)
                found.emplace_back(type);
    return found;
}

bool contains(const FakeBroker::Publish& message, const std::string& text) {
    return message.payload.find(text) != std::string::npos;
}

/// Answers the first `times` flips on the deck's topic with `reason`.
FakeBroker::Script refusing(int reason, int times) {
    FakeBroker::Script script;
    script.acknowledge = [reason, left = std::make_shared<std::atomic<int>>(times)](
                             const FakeBroker::Publish& message) {
        return message.topic == deckEvents && contains(message, "flip_due") && (*left)-- > 0
                   ? reason
                   : 0;
    };
    return script;
}

struct Unwelcome {
    const char* what;
    std::string answer;
};
std::ostream& operator<<(std::ostream& out, const Unwelcome& one) {
    return out << one.what;
}
const std::vector<Unwelcome> unwelcomes{
    {"refusal of MQTT 5", std::string("\x20\x03\x00\x84\x00", 5)},
    {"refusal of MQTT 3.1.1", std::string("\x20\x02\x00\x01", 4)},
    {"silence", ""}};

struct Refusal {
    int reason;
    const char* words;
};
std::ostream& operator<<(std::ostream& out, const Refusal& one) {
    return out << one.words;
}
const std::vector<Refusal> passing{{0x97, "Quota exceeded (151)"},
                                   {0x80, "Unspecified error (128)"},
                                   {0x83, "Implementation specific error (131)"}};
// "Packet too large" is no reason of a PUBACK (MQTT 5, 3.4.2.1): the library of Debian 13 takes it
// for a broken protocol. A real broker's limit is tested in service_test.cpp.
const std::vector<Refusal> poison{{0x90, "Topic Name invalid (144)"},
                                  {0x99, "Payload format invalid (153)"}};

} // namespace

BOOST_DATA_TEST_CASE(a_broker_without_mqtt_5_is_served_with_3_1_1, data::make(unwelcomes), how) {
    FakeBroker::Script script;
    script.welcome = [&](int level) {
        return level == 5 ? how.answer : FakeBroker::welcomed(level);
    };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.event("flipped");
    daemon.start();
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(broker.levels() == (std::vector<int>{5, 4}), boost::test_tools::per_element());
    BOOST_TEST(types(broker.payloads(deckEvents)) == (std::vector<std::string>{"flipped"}),
               boost::test_tools::per_element());
    BOOST_TEST(daemon.status().connected);
    BOOST_TEST(daemon.status().problem == "");
}

BOOST_AUTO_TEST_CASE(a_login_refused_on_mqtt_5_is_not_tried_on_3_1_1) {
    FakeBroker::Script script;
    script.welcome = [](int) { return std::string("\x20\x03\x00\x86\x00", 5); };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.start();
    BOOST_TEST(eventually([&] {
        return daemon.status().problem == "The broker refuses this user name or password.";
    }));
    daemon.stop();
    BOOST_TEST(broker.levels() == (std::vector<int>{5}), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(what_a_broker_cannot_take_now_comes_again_and_keeps_its_place,
                     data::make(passing), refusal) {
    FakeBroker broker(refusing(refusal.reason, 1));
    Daemon daemon(broker.port());
    daemon.start();
    daemon.event("flip_due");
    BOOST_REQUIRE(eventually([&] { return !broker.payloads(deckEvents).empty(); }));
    daemon.event("flipped"); // of the same deck: waits behind
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    auto arrived = types(broker.payloads(deckEvents));
    // The second one may have been under way before the refusal was read.
    BOOST_TEST(std::count(arrived.begin(), arrived.end(), "flip_due") == 2);
    BOOST_TEST(std::count(arrived.begin(), arrived.end(), "flipped") == 1);
    BOOST_TEST(daemon.outbox().parked == 0);
}

BOOST_DATA_TEST_CASE(what_was_refused_twenty_times_is_parked_and_the_deck_goes_on,
                     data::make(passing), refusal) {
    FakeBroker broker(refusing(refusal.reason, 1));
    Daemon daemon(broker.port());
    daemon.triedBefore(daemon.event("flip_due"), 19);
    daemon.start();
    BOOST_TEST(eventually([&] { return daemon.outbox().parked == 1; }));
    BOOST_TEST(daemon.parked().at(0).last_error == refusal.words);
    BOOST_TEST(daemon.parked().at(0).attempts == 20);
    daemon.event("flipped");
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(types(broker.payloads(deckEvents)) ==
                   (std::vector<std::string>{"flip_due", "flipped"}),
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(poison_is_parked_at_once_shown_and_the_deck_goes_on, data::make(poison),
                     refusal) {
    FakeBroker broker(refusing(refusal.reason, 1));
    Daemon daemon(broker.port());
    daemon.event("record_on");
    daemon.event("flip_due");
    daemon.event("flipped");
    daemon.start();
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 0; }));
    BOOST_TEST(types(broker.payloads(deckEvents)) ==
                   (std::vector<std::string>{"record_on", "flip_due", "flipped"}),
               boost::test_tools::per_element());
    BOOST_REQUIRE(daemon.parked().size() == 1U);
    BOOST_TEST(daemon.parked().at(0).last_error == refusal.words);
    BOOST_TEST(daemon.parked().at(0).log.name == "flip_due");
    BOOST_TEST(eventually([&] {
        const auto health = broker.payloads(healthTopic);
        return !health.empty() && health.back().find("\"parked\":1") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(a_parked_state_holds_the_decks_later_states_until_it_is_dropped) {
    FakeBroker::Script script;
    script.acknowledge = [](const FakeBroker::Publish& message) {
        return message.topic == "gatefold/v1/den/main/now_playing" && contains(message, "poison")
                   ? 0x99
                   : 0;
    };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.start();
    BOOST_REQUIRE(eventually([&] { return daemon.status().connected; }));
    daemon.state("now_playing", "main", R"({"state":"playing","title":"poison"})");
    BOOST_REQUIRE(eventually([&] { return daemon.outbox().parked == 1; }));
    daemon.state("now_playing", "main", R"({"state":"stopped","title":null})");
    daemon.event("record_off");
    BOOST_TEST(eventually([&] { return broker.payloads(deckEvents).size() == 1; }));
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 1; }));
    BOOST_TEST(broker.payloads("gatefold/v1/den/main/value/state").back() == "playing");
}

BOOST_AUTO_TEST_CASE(a_topic_that_is_not_ours_to_write_waits_and_is_no_poison) {
    FakeBroker::Script script;
    script.acknowledge = [](const FakeBroker::Publish& message) {
        return message.topic == scanEvents ? 0x87 : 0;
    };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.start();
    daemon.event("barcode");
    BOOST_REQUIRE(eventually([&] { return broker.payloads(scanEvents).size() == 1; }));
    daemon.event("barcode");
    daemon.event("flipped");
    BOOST_TEST(eventually([&] { return broker.payloads(deckEvents).size() == 1; }));
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 2; }));
    BOOST_TEST(daemon.outbox().parked == 0);
    BOOST_TEST(eventually([&] {
        return daemon.status().problem ==
               "The broker forbids " + scanEvents + "; look at its access list.";
    }));
    BOOST_TEST(broker.levels() == (std::vector<int>{5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(thousands_of_forbidden_messages_do_not_hide_the_others) {
    FakeBroker::Script script;
    script.acknowledge = [](const FakeBroker::Publish& message) {
        return message.topic == scanEvents ? 0x87 : 0;
    };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.events("barcode", 6'000);
    daemon.event("flipped");
    daemon.start();
    BOOST_TEST(eventually([&] { return broker.payloads(deckEvents).size() == 1; }));
    BOOST_TEST(eventually([&] { return daemon.outbox().pending == 6'000; }));
}

BOOST_AUTO_TEST_CASE(a_broker_that_hangs_up_at_retained_topics_gets_the_others) {
    const std::set<std::string> forbidden{"gatefold/v1/den/info",
                                          "gatefold/v1/den/main/now_playing"};
    FakeBroker::Script script;
    script.acknowledge = [&](const FakeBroker::Publish& message) {
        return forbidden.contains(message.topic) ? FakeBroker::hangUp : 0;
    };
    FakeBroker broker(script);
    Daemon daemon(broker.port());
    daemon.state("now_playing", "main", R"({"state":"stopped","artist":"Nina Simone"})");
    daemon.start();
    const std::string last = "homeassistant/device/gatefold_den_main/config";
    BOOST_TEST(eventually([&] { return !broker.payloads(last).empty(); }));
    BOOST_TEST(broker.payloads("gatefold/v1/den/main/value/artist").back() == "Nina Simone");
    // In one go (which tells the topic only if nothing follows), up to each of the two, without.
    BOOST_TEST((broker.levels().size() == 3U || broker.levels().size() == 4U));
    BOOST_TEST(eventually([&] {
        return daemon.status().problem ==
               "The broker forbids gatefold/v1/den/info, gatefold/v1/den/main/now_playing; look at "
               "its access list.";
    }));
    daemon.event("flipped");
    BOOST_TEST(eventually([&] { return broker.payloads(deckEvents).size() == 1; }));
}
