#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {
NewCopy typed(const std::string& artist, const std::string& title) {
    NewRelease release;
    release.artist = artist;
    release.title = title;
    NewCopy copy;
    copy.release = release;
    return copy;
}
bool isInvalid(const Error& error) {
    return error.code() == ErrorCode::invalid;
}
} // namespace

BOOST_AUTO_TEST_SUITE(collection)

BOOST_AUTO_TEST_CASE(a_record_typed_by_hand_gets_a_number_above_discogs) {
    Household house;
    NewCopy copy = typed("Molly & the Band", "Demo Tape");
    copy.release->identifiers =
        std::vector<Identifier>{{IdentifierType::barcode, "9780201379624", {}}};
    const CopyView view = house.collection.add(copy);
    BOOST_TEST(view.release_id >= firstOwnReleaseId);
    BOOST_TEST(nameOf(house.scan(code::nobody).outcome) == "played");
}

BOOST_AUTO_TEST_CASE(bad_values_are_refused_with_the_field) {
    Household house;
    NewCopy year = typed("A", "B");
    year.release->year = 12;
    BOOST_CHECK_EXCEPTION(house.collection.add(year), Error,
                          [](const Error& e) { return e.field() == "release.year"; });
    BOOST_CHECK_EXCEPTION(house.collection.add(typed("", "B")), Error, isInvalid);
    NewCopy both = typed("A", "B");
    both.release_id = 1;
    BOOST_CHECK_EXCEPTION(house.collection.add(both), Error, isInvalid);
    NewCopy grade;
    grade.release_id = 1;
    grade.media_grade = Grade::noCover;
    BOOST_CHECK_EXCEPTION(house.collection.add(grade), Error, isInvalid);
    NewCopy duration = typed("A", "B");
    duration.release->tracklist = std::vector<Track>{{"A1", "x", "4 min"}};
    BOOST_CHECK_EXCEPTION(house.collection.add(duration), Error, [](const Error& e) {
        return e.field() == "release.tracklist[0].duration";
    });
    BOOST_TEST(house.copies() == 0);
}

BOOST_AUTO_TEST_CASE(an_edit_needs_the_version_it_was_made_from) {
    Household house;
    const CopyId id = house.own(1);
    CopyPatch patch;
    patch.notes = std::string("warped");
    const CopyView once = house.collection.edit(id, patch, 1);
    BOOST_TEST(once.notes == "warped");
    BOOST_TEST(once.version == 2);
    BOOST_CHECK_EXCEPTION(house.collection.edit(id, patch, 1), Error,
                          [](const Error& e) { return e.code() == ErrorCode::preconditionFailed; });
}

BOOST_AUTO_TEST_CASE(the_trash_gives_back) {
    Household house;
    const CopyId id = house.own(1);
    house.collection.remove(id, std::nullopt);
    BOOST_TEST(house.copies() == 0);
    BOOST_TEST(nameOf(house.scan(code::ownedOne).outcome) == "played"); // known, but not owned
    house.collection.restore(id);
    BOOST_TEST(house.copies() == 1);
}

BOOST_AUTO_TEST_CASE(a_location_cannot_stand_inside_itself) {
    Household house;
    const Location room = house.collection.addLocation({"Room", {}});
    NewLocation below{"Shelf", {}};
    below.parent = room.id;
    const Location shelf = house.collection.addLocation(below);
    BOOST_TEST(shelf.path == "Room / Shelf");
    LocationPatch patch;
    patch.parent = shelf.id;
    BOOST_CHECK_EXCEPTION(house.collection.editLocation(room.id, patch, room.version), Error,
                          isInvalid);
}

BOOST_AUTO_TEST_SUITE_END()
