#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

BOOST_AUTO_TEST_SUITE(undo)

BOOST_AUTO_TEST_CASE(an_added_copy_goes_to_the_trash) {
    Household house;
    house.mode(Mode::add);
    house.scan(code::second);
    BOOST_TEST(house.copies() == 1);
    house.card(card::undo);
    BOOST_TEST(house.copies() == 0);
    BOOST_TEST(contains(house.events(), "barcode copy_added copy_removed"));
}

BOOST_AUTO_TEST_CASE(a_play_leaves_no_play_behind) {
    Household house;
    const CopyId copy = house.own(1);
    house.scan(code::ownedOne);
    BOOST_TEST(house.collection.copy(copy).plays == 1);
    house.card(card::undo);
    BOOST_TEST(house.collection.copy(copy).plays == 0);
    BOOST_TEST(house.collection.plays({}).total == 0);
    BOOST_TEST(contains(house.playing(), "\"state\":\"stopped\""));
    const auto off = house.store.read([](const ReadTx& tx) {
        std::string body;
        for (const LogRow& row : tx.events.after(0, 500))
            if (row.name == "record_off")
                body = row.body;
        return body;
    });
    BOOST_TEST(contains(off, "\"undone\":true"));
}

BOOST_AUTO_TEST_CASE(again_takes_back_the_one_before) {
    Household house;
    house.mode(Mode::add);
    house.scan(code::second);
    house.scan(code::severalSame);
    BOOST_TEST(house.copies() == 2);
    house.card(card::undo);
    BOOST_TEST(house.copies() == 1);
    BOOST_TEST(house.openItems() == 0);
    house.card(card::undo);
    BOOST_TEST(house.copies() == 0);
    house.card(card::undo); // the mode card
    BOOST_TEST(nameOf(house.scan(code::second).outcome) == "played");
}

BOOST_AUTO_TEST_CASE(it_reaches_half_an_hour_back_and_only_its_own_scanner) {
    Household house;
    house.mode(Mode::add);
    house.scan(code::second);
    house.card(card::undo, "desk");
    BOOST_TEST(house.copies() == 1);
    house.clock.advance(std::chrono::minutes(31));
    house.card(card::undo);
    BOOST_TEST(house.copies() == 1);
}

BOOST_AUTO_TEST_CASE(the_page_undoes_any_scan_once) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::second);
    house.scanning.undo(answer.id);
    BOOST_TEST(house.copies() == 0);
    BOOST_CHECK_THROW(house.scanning.undo(answer.id), Error);
    BOOST_CHECK_THROW(house.scanning.undo(ScanId{9999}), Error);
}

BOOST_AUTO_TEST_CASE(a_flip_goes_back) {
    Household house;
    house.scan(code::second);
    house.card(card::flip);
    house.card(card::undo);
    BOOST_TEST(contains(house.playing(), "\"side\":\"A\""));
}

BOOST_AUTO_TEST_SUITE_END()
