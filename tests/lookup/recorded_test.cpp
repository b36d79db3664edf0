#include "lookup/cover_answers.hpp"
#include "lookup/discogs_answers.hpp"
#include "lookup/musicbrainz_answers.hpp"
#include "lookup/sources.hpp"
#include "tests/lookup/surroundings.hpp"
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

/// An answer that one of the sources once gave.
std::string recorded(const std::string& name) {
    return contentOf(test::testData("api/" + name));
}

} // namespace

BOOST_AUTO_TEST_SUITE(recorded_answers)

BOOST_AUTO_TEST_CASE(a_recorded_discogs_search) {
    const auto body =
        recorded("discogs_pyclient_database__search_q-trash80_per_page-50_page-1.json");
    const auto rows = discogs::searchResults(body);
    BOOST_REQUIRE_EQUAL(rows.size(), 12u);
    BOOST_TEST(rows[0].release.release_id == 1743771);
    BOOST_TEST(rows[0].release.artist == "Trash80");
    BOOST_TEST(rows[0].release.title == "Icarus");
    BOOST_TEST(rows[0].release.year.value() == 2008);
    BOOST_TEST(rows[0].release.labels.at(0).catno == "8BP086");
    BOOST_TEST(rows[0].release.formats.at(0).name == "CDr");
    BOOST_TEST(!rows[0].thumbnail_url.has_value());
}

BOOST_AUTO_TEST_CASE(recorded_discogs_releases) {
    {
        const auto body = recorded("discogs_pyclient_releases__1.json");
        const OnlineRelease row = discogs::release(body);
        BOOST_TEST(row.release.release_id == 1);
        BOOST_TEST(row.release.title == "Stockholm");
        BOOST_TEST(row.release.artist == "Persuader, The");
        BOOST_TEST(row.release.released.value() == "1999-03");
        BOOST_TEST(row.release.master_id.value() == 5427);
        BOOST_TEST((row.release.formats == std::vector<Format>{{"Vinyl", 2, "", {"12\""}}}));
        BOOST_REQUIRE_EQUAL(row.release.tracklist.size(), 6u);
        BOOST_TEST(row.release.tracklist[5].position == "D");
        BOOST_TEST(row.release.tracklist[5].duration.value() == "5:16");
    }
    BOOST_TEST(discogs::release(recorded("discogs_pyclient_releases__3.json")).release.release_id ==
               3);
    BOOST_TEST(discogs::release(recorded("discogs_pyclient_releases__79.json")).release.title ==
               "City Of Islands");
}

BOOST_AUTO_TEST_CASE(a_recorded_discogs_master_and_its_versions) {
    {
        const auto body = recorded("discogs_pyclient_masters__4242.json");
        const OnlineMaster row = discogs::master(body);
        BOOST_TEST(row.master_id.value() == 4242);
        BOOST_TEST(row.title == "City Of Islands");
        BOOST_TEST(row.main_release_id.value() == 79);
        BOOST_TEST(row.year.value() == 1998);
    }
    {
        const auto body =
            recorded("discogs_pyclient_masters__4242__versions_per_page-50_page-1.json");
        const auto rows = discogs::versions(body);
        BOOST_REQUIRE_EQUAL(rows.size(), 2u);
        BOOST_TEST(rows[1].release.release_id == 1657054);
        BOOST_TEST(rows[1].release.labels.at(0).catno == "SK029");
        BOOST_TEST(rows[1].release.year.value() == 1998);
    }
}

BOOST_AUTO_TEST_CASE(a_recorded_musicbrainz_release) {
    const auto body = recorded("mb_beets_official_release.json");
    const OnlineRelease row = musicbrainz::release(body);
    BOOST_TEST(row.mbid.value() == "a5ce1d11-2e32-45a4-b37f-c1589d46b103");
    BOOST_TEST(row.master_mbid.value() == "da0d6bbb-f44b-4fff-8739-9d72db0402a1");
    BOOST_TEST(row.release.year.value() == 2025);
    BOOST_TEST(row.release.country.value() == "Worldwide");
    BOOST_TEST(row.release.labels.at(0).catno == "Lilas-020");
    BOOST_TEST(row.release.formats.at(0).name == "File");
    BOOST_TEST(row.release.tracklist.size() == 1u);
    BOOST_TEST(row.has_front_cover.value());
}

BOOST_AUTO_TEST_CASE(recorded_cover_art_archive_answers) {
    {
        const auto body = recorded("caa_release.json");
        BOOST_TEST(coverart::frontPath(body, CoverSize::small).value() ==
                   "/release/rid/12345-250.jpg");
        BOOST_TEST(coverart::frontPath(body, CoverSize::large).value() ==
                   "/release/rid/12345-1200.jpg");
        BOOST_TEST(coverart::frontPath(body, CoverSize::original).value() ==
                   "/release/rid/12345.gif");
    }
    BOOST_TEST(
        coverart::frontPath(recorded("caa_release_no_thumbnails.json"), CoverSize::small).value() ==
        "/release/rid/12345.gif");
    BOOST_TEST(coverart::frontPath(recorded("caa_release_group.json"), CoverSize::medium).value() ==
               "/release/rgid/12345-500.jpg");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(all_sources)

BOOST_AUTO_TEST_CASE(they_are_made_in_the_order_in_which_they_are_asked) {
    TestSurroundings house;
    const Sources sources = makeSources({}, house.around);
    BOOST_REQUIRE_EQUAL(sources.releases.size(), 2u);
    BOOST_TEST(sources.releases[0]->name() == "discogs");
    BOOST_TEST(sources.releases[1]->name() == "musicbrainz");
    BOOST_TEST(sources.covers->name() == "coverart");
    BOOST_TEST((sources.covers->status().state == OnlineState::ready));
}

BOOST_AUTO_TEST_CASE(an_address_that_is_none_is_refused) {
    TestSurroundings house;
    SourcesSettings settings;
    settings.musicbrainz.base_url = "musicbrainz.org";
    BOOST_TEST(
        (refusalOf([&] { makeSources(settings, house.around); }).code == ErrorCode::invalid));
}

BOOST_AUTO_TEST_CASE(the_asker_is_named_with_its_version_and_a_contact) {
    BOOST_TEST(userAgent("1.2.3", "anna@example.org") == "Gatefold/1.2.3 ( anna@example.org )");
    BOOST_TEST(userAgent("1.2.3", "") ==
               "Gatefold/1.2.3 ( a household's own box, no contact given )");
}

BOOST_AUTO_TEST_CASE(jitter_stays_within_its_range) {
    const Jitter jitter = randomJitter();
    for (int i = 0; i < 1'000; ++i) {
        const double value = jitter();
        BOOST_TEST(value >= 0.0);
        BOOST_TEST(value < 1.0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
