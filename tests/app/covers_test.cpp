#include "app/covers.hpp"

#include "tests/app/fake_pictures.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

struct CoverHousehold : Household {
    FakeShrinker shrinker;
    FakeCoverFiles files;
    FakeSecrets secrets;
    Covers covers{store, clock, shrinker, files, secrets, listening};

    std::string urlOf(CopyId copy) { return collection.copy(copy).cover_url.value_or("none"); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(covers, CoverHousehold)

BOOST_AUTO_TEST_CASE(a_source_gives_a_cover_and_the_households_photo_wins) {
    const CopyId copy = own(1);
    covers.setOfRelease(1, "from the archive", "coverart", std::nullopt);
    const std::string archive = urlOf(copy);
    BOOST_TEST(archive != "none");
    covers.setOfCopy(copy, "our own photo", allowed);
    const std::string photo = urlOf(copy);
    BOOST_TEST(photo != archive);
    covers.setOfRelease(1, "a later one", "coverart", std::nullopt);
    BOOST_TEST(urlOf(copy) == photo);
    covers.removeOfCopy(copy);
    BOOST_TEST(urlOf(copy) != photo);
    BOOST_TEST(urlOf(copy) != archive);
}

BOOST_AUTO_TEST_CASE(pages_are_told_of_each_copy_that_looks_different_now) {
    const CopyId one = own(1), two = own(1);
    const std::string before = events();
    covers.setOfRelease(1, "picture", "coverart", std::nullopt);
    BOOST_TEST(events() == before + "copy_changed copy_changed ");
    covers.setOfRelease(1, "picture", "coverart", std::nullopt); // nothing new
    BOOST_TEST(events() == before + "copy_changed copy_changed ");
    covers.setOfCopy(two, "photo", allowed);
    BOOST_TEST(events() == before + "copy_changed copy_changed copy_changed ");
    BOOST_TEST(urlOf(one) != urlOf(two));
}

BOOST_AUTO_TEST_CASE(what_plays_shows_its_cover_from_the_start_or_as_soon_as_it_comes) {
    own(1);
    scan(code::ownedOne);
    BOOST_TEST(contains(playing(), R"("cover_url":null)"));
    covers.setOfRelease(1, "picture", "coverart", std::nullopt);
    BOOST_TEST(contains(playing(), R"("cover_url":"/covers/)"));
    BOOST_TEST(contains(playing(), R"("state":"playing")"));
    scan(code::second);
    BOOST_TEST(contains(playing(), R"("cover_url":null)"));
    scan(code::ownedOne);
    BOOST_TEST(contains(playing(), R"("cover_url":"/covers/)"));
}

BOOST_AUTO_TEST_CASE(a_cover_that_may_not_be_kept_goes_with_its_files) {
    const CopyId copy = own(1);
    scan(code::ownedOne);
    covers.setOfRelease(1, "short-lived", "discogs", clock.now().wall + 6h);
    BOOST_TEST(files.kept.size() == 1U);
    clock.advance(5h);
    covers.tidy();
    BOOST_TEST(urlOf(copy) != "none");
    clock.advance(1h);
    covers.tidy();
    BOOST_TEST(urlOf(copy) == "none");
    BOOST_TEST(contains(playing(), R"("cover_url":null)"));
    BOOST_TEST(files.kept.empty());
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_none_and_a_full_disk_change_nothing) {
    const CopyId copy = own(1);
    covers.setOfCopy(copy, "photo", allowed);
    const std::string photo = urlOf(copy);
    BOOST_CHECK_THROW(covers.setOfCopy(copy, "broken", allowed), Error);
    files.full = true;
    BOOST_CHECK_THROW(covers.setOfCopy(copy, "another photo", allowed), Error);
    BOOST_TEST(urlOf(copy) == photo);
}

BOOST_AUTO_TEST_CASE(a_photo_that_may_not_be_stored_any_more_changes_nothing) {
    const CopyId copy = own(1);
    covers.setOfCopy(copy, "photo", allowed);
    const std::string photo = urlOf(copy), before = events();
    const WriteCheck refused = [](const ReadTx&) {
        throw Error(ErrorCode::unauthenticated, "Your rights have changed.");
    };
    BOOST_CHECK_THROW(covers.setOfCopy(copy, "another photo", refused), Error);
    BOOST_TEST(urlOf(copy) == photo);
    BOOST_TEST(events() == before);
}

BOOST_AUTO_TEST_CASE(only_a_copy_on_the_shelf_has_a_photo) {
    const CopyId copy = own(1);
    collection.remove(copy, std::nullopt);
    for (const CopyId id : {copy, CopyId{999}}) {
        BOOST_CHECK_THROW(covers.setOfCopy(id, "photo", allowed), Error);
        BOOST_CHECK_THROW(covers.removeOfCopy(id), Error);
    }
    BOOST_TEST(files.kept.empty());
    BOOST_CHECK_THROW(covers.removeOfCopy(own(2)), Error); // it has none
}

BOOST_AUTO_TEST_SUITE_END()
