#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {
Resolution choose(ReleaseId id) {
    Resolution resolution;
    resolution.release_id = id;
    return resolution;
}
Resolution dismissed() {
    Resolution resolution;
    resolution.dismiss = true;
    return resolution;
}
} // namespace

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(an_open_pressing_lists_its_candidates_and_asks_no_question_yet) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::severalSame);
    const InboxItem item = house.inbox.item(*answer.inbox_id);
    BOOST_TEST(nameOf(item.kind) == "pressing_open");
    BOOST_REQUIRE(item.candidates.size() == 2U);
    BOOST_TEST(!item.question.has_value());
    BOOST_TEST(item.copy_id->text() == answer.copy_id->text());
    BOOST_TEST(house.collection.copy(*answer.copy_id).pressing_open);
}

BOOST_AUTO_TEST_CASE(choosing_settles_the_copy_and_teaches_the_code) {
    Household house;
    house.mode(Mode::add);
    const ScanAnswer answer = house.scan(code::severalSame);
    house.inbox.resolve(*answer.inbox_id, choose(11));
    const CopyView copy = house.collection.copy(*answer.copy_id);
    BOOST_TEST(!copy.pressing_open);
    BOOST_TEST(copy.release_id == 11);
    BOOST_TEST(house.openItems() == 0);
    house.collection.remove(*answer.copy_id, std::nullopt);
    BOOST_TEST(nameOf(house.scan(code::severalSame).outcome) == "added");
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, choose(10)), Error);
}

BOOST_AUTO_TEST_CASE(a_playing_record_goes_on_with_the_right_pressing) {
    Household house;
    const ScanAnswer answer = house.scan(code::severalSame);
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"guess\""));
    house.inbox.resolve(*answer.inbox_id, choose(11));
    BOOST_TEST(contains(house.playing(), "\"release_id\":11"));
    BOOST_TEST(contains(house.playing(), "\"confidence\":\"manual\""));
    BOOST_TEST(contains(house.playing(), "\"state\":\"playing\""));
}

BOOST_AUTO_TEST_CASE(an_unknown_code_can_be_taught) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    house.inbox.resolve(*answer.inbox_id, choose(2));
    BOOST_TEST(nameOf(house.scan(code::nobody).outcome) == "played");
}

BOOST_AUTO_TEST_CASE(dismissing_only_takes_it_off_the_list) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    house.inbox.resolve(*answer.inbox_id, dismissed());
    BOOST_TEST(house.openItems() == 0);
    BOOST_TEST(nameOf(house.scan(code::nobody).outcome) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_second_scan_of_an_unknown_code_joins_the_open_item) {
    Household house;
    const ScanAnswer first = house.scan(code::nobody);
    const ScanAnswer second = house.scan(code::nobody);
    BOOST_TEST(first.inbox_id->text() == second.inbox_id->text());
    BOOST_TEST(house.openItems() == 1);
}

BOOST_AUTO_TEST_CASE(a_resolution_says_exactly_one_thing) {
    Household house;
    const ScanAnswer answer = house.scan(code::nobody);
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, {}), Error);
    Resolution both = choose(1);
    both.dismiss = true;
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, both), Error);
    BOOST_CHECK_THROW(house.inbox.resolve(*answer.inbox_id, choose(987654)), Error);
    BOOST_TEST(house.openItems() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
