#include "core/event.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <set>

using namespace gatefold;

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(an_event_carries_its_envelope) {
    LogRow row;
    row.seq = 8131;
    row.id = "01JNQ6Z3X9K7V0A2M4T8R5W1BC";
    row.at = WallTime(Millis(1772395267412));
    row.name = "side_ended";
    row.deck = "living-room";
    row.body = R"({"side":"B","copy_id":"c_204","next_side":null})";
    row.prev = 8127;
    row.expires_at = row.at + std::chrono::minutes(10);
    BOOST_TEST(
        document(row) ==
        R"({"v":1,"id":"01JNQ6Z3X9K7V0A2M4T8R5W1BC","seq":8131,"ts":"2026-03-01T20:01:07.412Z",)"
        R"("prev":8127,"event_type":"side_ended","deck":"living-room",)"
        R"("data":{"side":"B","copy_id":"c_204","next_side":null},"expires_at":"2026-03-01T20:11:07.412Z"})");
}

BOOST_AUTO_TEST_CASE(a_state_is_its_members_with_a_head) {
    LogRow row;
    row.seq = 5;
    row.kind = LogRow::Kind::state;
    row.at = WallTime(Millis(0));
    row.body = R"({"records":3})";
    BOOST_TEST(document(row) == R"({"v":1,"seq":5,"ts":"1970-01-01T00:00:00.000Z","records":3})");
    row.body = "{}";
    BOOST_TEST(document(row) == R"({"v":1,"seq":5,"ts":"1970-01-01T00:00:00.000Z"})");
}

BOOST_AUTO_TEST_CASE(event_types_have_one_home_and_no_double) {
    std::set<std::string_view> names;
    for (const EventType& type : eventTypes())
        BOOST_TEST(names.insert(type.name).second, type.name);
    BOOST_TEST(names.size() == 21U);
    BOOST_REQUIRE(findEventType("side_ending"));
    BOOST_TEST(findEventType("side_ending")->family == "deck");
    BOOST_TEST(findEventType("side_ending")->expires_after.count() == 120);
    BOOST_TEST(findEventType("played")->expires_after.count() == 30 * 24 * 3600);
    BOOST_TEST(!findEventType("exploded"));
}

BOOST_AUTO_TEST_CASE(ids_sort_by_time_and_have_26_characters) {
    std::array<unsigned char, 10> random{};
    BOOST_TEST(ulid(WallTime(Millis(1469918176385)), random) == "01ARYZ6S410000000000000000");
    random.fill(0xFF);
    BOOST_TEST(ulid(WallTime(Millis(0)), random) == "0000000000ZZZZZZZZZZZZZZZZ");
}

BOOST_AUTO_TEST_SUITE_END()
