#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {
PlayRequest ofCopy(CopyId copy) {
    return {copy, {}, {}};
}
} // namespace

BOOST_AUTO_TEST_SUITE(listening)

BOOST_AUTO_TEST_CASE(a_whole_evening_is_told_in_order) {
    Household house;
    const CopyId copy = house.own(1);
    house.listening.play("main", ofCopy(copy));
    house.clock.advance(180s);
    house.listening.tick();
    house.clock.advance(60s);
    house.listening.tick();
    house.clock.advance(60s);
    house.listening.tick();
    BOOST_TEST(contains(house.playing(), "\"state\":\"run_out\""));
    BOOST_TEST(contains(house.playing(), "\"needs_flip\":true"));
    house.listening.flip("main");
    house.clock.advance(240s);
    house.listening.tick();
    house.clock.advance(10min);
    house.listening.tick();
    BOOST_TEST(
        house.events() ==
        "copy_added record_on side_started track_started track_started side_ending side_ended "
        "played "
        "flip_due flipped side_started track_started side_ending side_ended played record_off ");
    BOOST_TEST(contains(house.playing(), "\"state\":\"stopped\""));
    const auto plays = house.collection.plays({});
    BOOST_REQUIRE(plays.items.size() == 1U);
    BOOST_TEST(plays.items[0].sides.size() == 2U);
    BOOST_TEST(house.collection.copy(copy).plays == 1);
}

BOOST_AUTO_TEST_CASE(another_record_on_the_deck_ends_the_one_before) {
    Household house;
    house.listening.play("", {{}, 1, {}});
    house.clock.advance(10s);
    house.listening.play("", {{}, 2, {}});
    BOOST_TEST(contains(house.events(), "track_started played record_off record_on"));
    BOOST_TEST(contains(house.playing(), "Pastel Blues"));
}

BOOST_AUTO_TEST_CASE(a_side_is_chosen_by_its_name) {
    Household house;
    house.listening.play("main", {{}, 1, "B"});
    BOOST_TEST(contains(house.playing(), "\"track\":\"B1\""));
    BOOST_CHECK_THROW(house.listening.play("main", {{}, 1, "Z"}), Error);
}

BOOST_AUTO_TEST_CASE(seeking_by_track_and_by_seconds) {
    Household house;
    house.listening.play("main", {{}, 1, {}});
    house.listening.seek("main", {{}, "A2"});
    BOOST_TEST(contains(house.playing(), "\"track\":\"A2\""));
    house.listening.seek("main", {10.0, {}});
    BOOST_TEST(contains(house.playing(), "\"track\":\"A1\""));
    BOOST_TEST(contains(house.playing(), "\"position_s\":10"));
    BOOST_CHECK_THROW(house.listening.seek("main", {{}, "B1"}), Error);
    BOOST_CHECK_THROW(house.listening.seek("main", {{}, {}}), Error);
}

BOOST_AUTO_TEST_CASE(an_empty_deck_refuses_flip_stop_and_seek_and_there_is_no_other_deck) {
    Household house;
    for (const auto& act :
         {std::function<void()>([&] { house.listening.flip("main"); }),
          std::function<void()>([&] { house.listening.stop("main"); }), std::function<void()>([&] {
              house.listening.seek("main", {1.0, {}});
          })})
        BOOST_CHECK_EXCEPTION(act(), Error,
                              [](const Error& e) { return e.code() == ErrorCode::noRecord; });
    BOOST_CHECK_EXCEPTION(house.listening.stop("attic"), Error,
                          [](const Error& e) { return e.code() == ErrorCode::notFound; });
}

BOOST_AUTO_TEST_CASE(selected_without_the_needle_down_shows_the_record_stopped) {
    Household house;
    house.listening.play("main", {{}, 1, {}}, false);
    BOOST_TEST(contains(house.playing(), "\"state\":\"stopped\""));
    BOOST_TEST(contains(house.playing(), "Stop Making Sense"));
    BOOST_TEST(house.events() == "");
}

BOOST_AUTO_TEST_CASE(after_a_crash_the_session_is_interrupted_until_somebody_acts) {
    Household house;
    const CopyId copy = house.own(1);
    house.listening.play("main", ofCopy(copy));
    house.clock.advance(61s);
    house.listening.tick(); // the minute's saving
    house.clock.advance(30s);
    const std::string before = house.events();

    Listening reborn(house.store, house.clock, house.catalogue);
    reborn.restore();
    BOOST_TEST(contains(reborn.nowPlayingDocument("main"), "\"state\":\"unknown\""));
    BOOST_TEST(house.events() == before);
    house.clock.advance(2h);
    reborn.tick();
    BOOST_TEST(contains(reborn.nowPlayingDocument("main"), "\"state\":\"unknown\""));
    reborn.stop("main");
    BOOST_TEST(house.events() == before + "played record_off ");
}

BOOST_AUTO_TEST_CASE(a_failed_transaction_changes_nothing_in_memory) {
    Household house;
    house.listening.play("main", {{}, 1, {}});
    {
        Listening::Change change(house.listening);
        BOOST_CHECK_THROW(house.store.write([&](Tx& tx) {
            change.stop(tx, "main");
            throw Error(ErrorCode::diskFull, "no space");
        }),
                          Error);
    }
    BOOST_TEST(contains(house.playing(), "\"state\":\"playing\""));
    house.listening.stop("main");
    BOOST_TEST(contains(house.playing(), "\"state\":\"stopped\""));
}

BOOST_AUTO_TEST_SUITE_END()
