#include "core/sides.hpp"
#include "tests/unit/records.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using test::record;

namespace {
std::string names(const std::vector<Side>& sides) {
    std::string out;
    for (const Side& side : sides)
        out += side.name + ":" + std::to_string(side.tracks.size()) + " ";
    return out;
}
} // namespace

BOOST_AUTO_TEST_SUITE(sides)

BOOST_AUTO_TEST_CASE(durations_are_read_as_printed) {
    BOOST_TEST((parseDuration("4:45") == 285));
    BOOST_TEST((parseDuration("1:02:03") == 3723));
    BOOST_TEST((parseDuration("75:00") == 4500));
    for (const char* bad :
         {"", "4", "4:5", "4:75", "a:10", "4:45:", ":30", "1:2:3:4", "99999:00:00"})
        BOOST_TEST(!parseDuration(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(letters_name_the_sides) {
    const auto sides = sidesOf(record({{"A1", "3:00"}, {"A2", "2:00"}, {"B1", "4:00"}}));
    BOOST_TEST(names(sides) == "A:2 B:1 ");
    BOOST_TEST(sides[0].duration_s == 300);
    BOOST_TEST(sides[0].tracks[1].start_s == 180);
    BOOST_TEST(!sides[0].estimated);
}

BOOST_AUTO_TEST_CASE(whole_sides_and_double_a_singles) {
    BOOST_TEST(names(sidesOf(record({{"A", "3:00"}, {"B", "3:10"}}))) == "A:1 B:1 ");
    BOOST_TEST(names(sidesOf(record({{"A", "3:00"}, {"AA", "3:10"}}))) == "A:1 AA:1 ");
}

BOOST_AUTO_TEST_CASE(double_albums_go_on_with_c_and_d) {
    BOOST_TEST(
        names(sidesOf(record({{"A1", ""}, {"B1", ""}, {"C1", ""}, {"C2", ""}, {"D1", ""}}))) ==
        "A:1 B:1 C:2 D:1 ");
}

BOOST_AUTO_TEST_CASE(disc_and_track_numbers_make_a_side_each) {
    BOOST_TEST(names(sidesOf(record({{"1-1", "3:00"}, {"1-2", "3:00"}, {"2-1", "3:00"}}))) ==
               "1:2 2:1 ");
    BOOST_TEST(names(sidesOf(record({{"1-A1", "3:00"}, {"1-B1", "3:00"}, {"2-A1", "3:00"}}))) ==
               "1A:1 1B:1 2A:1 ");
}

BOOST_AUTO_TEST_CASE(small_letters_are_the_same_side) {
    BOOST_TEST(names(sidesOf(record({{"a1", ""}, {"A2", ""}, {"b1", ""}}))) == "A:2 B:1 ");
}

BOOST_AUTO_TEST_CASE(a_cd_in_the_same_sleeve_is_no_side) {
    BOOST_TEST(
        names(sidesOf(record(
            {{"A1", "3:00"}, {"B1", "3:00"}, {"CD1", "3:00"}, {"CD-2", "3:00"}, {"DVD1", ""}}))) ==
        "A:1 B:1 ");
}

BOOST_AUTO_TEST_CASE(headings_carry_no_time) {
    const auto sides = sidesOf(record({{"", ""}, {"A1", "3:00"}, {"", ""}, {"B1", "2:00"}}));
    BOOST_TEST(names(sides) == "A:1 B:1 ");
}

BOOST_AUTO_TEST_CASE(numbers_straight_through_are_split_in_halves_as_a_guess) {
    const auto sides =
        sidesOf(record({{"1", "3:00"}, {"2", "3:00"}, {"3", "3:00"}, {"4", "3:00"}}));
    BOOST_TEST(names(sides) == "A:2 B:2 ");
    BOOST_TEST(sides[0].estimated);
    BOOST_TEST(sides[1].tracks[0].start_s == 0);
    BOOST_TEST(sides[1].duration_s == 360);
}

BOOST_AUTO_TEST_CASE(missing_durations_are_the_average_and_marked) {
    const auto sides = sidesOf(record({{"A1", "2:00"}, {"A2", ""}, {"B1", "4:00"}}));
    BOOST_TEST(sides[0].duration_s == 300); // 120 + average of 120 and 240
    BOOST_TEST(sides[0].estimated);
    BOOST_TEST(!sides[1].estimated);
    BOOST_TEST(sidesOf(record({{"A1", ""}}))[0].duration_s == 240);
}

BOOST_AUTO_TEST_CASE(without_a_tracklist_the_formats_tell_the_sides) {
    Release release = record({});
    release.formats = {{"Vinyl", 2, "", {"LP"}}};
    BOOST_TEST(names(sidesOf(release)) == "A:0 B:0 C:0 D:0 ");
    release.formats = {{"Vinyl", 1, "", {"7\""}}};
    BOOST_TEST(sidesOf(release)[0].duration_s == 240);
    release.formats = {};
    BOOST_TEST(names(sidesOf(release)) == "A:0 B:0 ");
}

BOOST_AUTO_TEST_CASE(a_position_on_the_side_names_its_track) {
    const Side side = sidesOf(record({{"A1", "3:00"}, {"A2", "2:00"}}))[0];
    BOOST_TEST((trackAt(side, 0) == 0U));
    BOOST_TEST((trackAt(side, 179.9) == 0U));
    BOOST_TEST((trackAt(side, 180) == 1U));
    BOOST_TEST((trackAt(side, 9999) == 1U));
    BOOST_TEST(!trackAt(Side{}, 1).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
