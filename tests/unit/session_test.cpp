#include "core/session.hpp"
#include "tests/unit/records.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace gatefold;
using namespace std::chrono_literals;
using test::record;

namespace {

MonoTime at(std::chrono::milliseconds since_start) {
    return MonoTime(1000s) + since_start;
}

/// A: 180 + 120 s, B: 240 s.
PlaySession session() {
    return PlaySession(sidesOf(record({{"A1", "3:00"}, {"A2", "2:00"}, {"B1", "4:00"}})));
}

std::string said(const std::vector<SessionStep>& steps) {
    constexpr const char* names[] = {"record_on",  "side_started", "track_started", "side_ending",
                                     "side_ended", "flip_due",     "flipped",       "played",
                                     "record_off", "seeked"};
    std::string out;
    for (const SessionStep& step : steps) {
        out += names[static_cast<int>(step.change)];
        out += ' ';
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(play_session)

BOOST_AUTO_TEST_CASE(a_new_session_is_selected_and_open) {
    const PlaySession s = session();
    BOOST_TEST((s.state() == SessionState::selected));
    BOOST_TEST(s.open());
    BOOST_TEST(!s.nextDue().has_value());
}

BOOST_AUTO_TEST_CASE(needle_down_starts_the_first_sides_clock) {
    PlaySession s = session();
    BOOST_TEST(said(s.start(0, at(0s))) == "record_on side_started track_started ");
    BOOST_TEST((s.state() == SessionState::playing));
    BOOST_TEST(s.position(at(41200ms)) == 41.2, boost::test_tools::tolerance(1e-9));
    BOOST_TEST((s.nextDue() == at(180s)));
}

BOOST_AUTO_TEST_CASE(tracks_notice_and_end_come_in_order_even_when_nobody_looked_for_an_hour) {
    PlaySession s = session();
    s.start(0, at(0s));
    BOOST_TEST(said(s.advance(at(180s))) == "track_started ");
    BOOST_TEST((s.nextDue() == at(240s)));
    BOOST_TEST(said(s.advance(at(240s))) == "side_ending ");
    BOOST_TEST((s.nextDue() == at(300s)));
    BOOST_TEST(said(s.advance(at(300s))) == "side_ended played flip_due ");
    BOOST_TEST(s.needsFlip());

    PlaySession late = session();
    late.start(0, at(0s));
    BOOST_TEST(said(late.advance(at(400s))) ==
               "track_started side_ending side_ended played flip_due ");
    BOOST_TEST(late.position(at(400s)) == 300);
}

BOOST_AUTO_TEST_CASE(flip_goes_to_the_next_side_and_from_the_last_to_the_first) {
    PlaySession s = session();
    s.start(0, at(0s));
    s.advance(at(300s));
    BOOST_TEST(said(s.flip(at(330s))) == "flipped side_started track_started ");
    BOOST_TEST(s.side().name == "B");
    BOOST_TEST(said(s.flip(at(340s))) == "played flipped side_started track_started ");
    BOOST_TEST(s.side().name == "A");
}

BOOST_AUTO_TEST_CASE(the_last_side_finishes_after_ten_minutes_a_left_one_after_sixty) {
    PlaySession s = session();
    s.start(1, at(0s));
    BOOST_TEST(said(s.advance(at(240s))) == "side_ending side_ended played ");
    BOOST_TEST(!s.needsFlip());
    BOOST_TEST((s.nextDue() == at(240s) + 10min));
    BOOST_TEST(said(s.advance(at(240s) + 10min)) == "record_off ");
    BOOST_TEST((s.state() == SessionState::finished));
    BOOST_TEST(!s.open());

    PlaySession left = session();
    left.start(0, at(0s));
    left.advance(at(300s));
    BOOST_TEST((left.nextDue() == at(300s) + 60min));
}

BOOST_AUTO_TEST_CASE(pauses_do_not_count_as_played) {
    PlaySession s = session();
    s.start(0, at(0s));
    BOOST_TEST(said(s.pause(at(100s))) == "");
    BOOST_TEST((s.state() == SessionState::paused));
    BOOST_TEST(s.position(at(500s)) == 100);
    s.resume(at(500s));
    const auto steps = s.stop(at(550s));
    BOOST_REQUIRE(said(steps) == "played record_off ");
    BOOST_TEST(steps[0].played_s == 150);
    BOOST_TEST(steps[0].share == 0.5);
}

BOOST_AUTO_TEST_CASE(seeking_keeps_the_played_time_and_is_clamped) {
    PlaySession s = session();
    s.start(0, at(0s));
    s.seek(200, at(10s));
    BOOST_TEST(s.position(at(20s)) == 210);
    BOOST_TEST(said(s.advance(at(20s))) == "");
    s.seek(9999, at(30s));
    BOOST_TEST(s.position(at(30s)) == 300);
    BOOST_TEST(said(s.advance(at(30s))) == "side_ended played flip_due ");
}

BOOST_AUTO_TEST_CASE(an_undone_stop_leaves_no_play) {
    PlaySession s = session();
    s.start(0, at(0s));
    BOOST_TEST(said(s.stop(at(10s), true)) == "record_off ");
}

BOOST_AUTO_TEST_CASE(found_open_at_start_up_it_is_interrupted_where_it_was_saved) {
    PlaySession s = session();
    s.start(0, at(0s));
    PlaySession again(sidesOf(record({{"A1", "3:00"}, {"A2", "2:00"}, {"B1", "4:00"}})),
                      s.saved(at(90s)), at(9000s));
    BOOST_TEST((again.state() == SessionState::interrupted));
    BOOST_TEST(again.position(at(9999s)) == 90);
    BOOST_TEST(!again.nextDue().has_value());
    const auto steps = again.stop(at(9999s));
    BOOST_REQUIRE(said(steps) == "played record_off ");
    BOOST_TEST(steps[0].played_s == 90);
}

BOOST_AUTO_TEST_CASE(the_right_pressing_keeps_side_and_position) {
    PlaySession s = session();
    s.start(0, at(0s));
    s.flip(at(100s));
    s.replaceSides(sidesOf(record({{"A1", "9:00"}, {"B1", "5:00"}, {"B2", "5:00"}})), at(130s));
    BOOST_TEST(s.side().name == "B");
    BOOST_TEST(s.position(at(140s)) == 40);
    BOOST_TEST(s.side().duration_s == 600);
}

BOOST_AUTO_TEST_SUITE_END()
