#include "lookup/musicbrainz.hpp"
#include "lookup/musicbrainz_answers.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

const std::string ferry_mbid = "0a9e1f5c-3b1d-4a6e-9f00-000000000101";
const std::string group_mbid = "0a9e1f5c-3b1d-4a6e-9f00-00000000aaaa";
const std::string lookup_path =
    "/ws/2/release/" + ferry_mbid +
    "?inc=artist-credits+labels+recordings+release-groups+genres+url-rels&fmt=json";
const std::string url_path = "/ws/2/url?resource=https%3A%2F%2Fwww.discogs.com%2Frelease%2F900101"
                             "&inc=release-rels&fmt=json";
const std::string master_url_path =
    "/ws/2/url?resource=https%3A%2F%2Fwww.discogs.com%2Fmaster%2F44001"
    "&inc=release-group-rels&fmt=json";

struct PlayedMusicBrainz {
    HostileServer server;
    TestSurroundings house;
    MusicBrainz source{{true, server.url(), {}}, house.around};
};

std::string searchFor(const std::string& query, const std::string& rest = "&fmt=json&limit=100") {
    return "/ws/2/release?query=" + query + rest;
}

} // namespace

BOOST_AUTO_TEST_SUITE(musicbrainz_source)

BOOST_AUTO_TEST_CASE(a_barcode_is_asked_for_in_both_spellings_at_once) {
    PlayedMusicBrainz played;
    const std::string path = searchFor("barcode%3A0012345678905%20OR%20barcode%3A012345678905");
    played.server.on(path, reply(200, fixture("musicbrainz_search.json")));
    const auto rows = played.source.searchByBarcode(Gtin{12'345'678'905}, 10, {});
    BOOST_TEST(played.server.paths() == std::vector<std::string>{path},
               boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(rows.size(), 2u);
    const OnlineCandidate& row = rows[0];
    BOOST_TEST((row.release.match == MatchKind::exact));
    BOOST_TEST(row.mbid.value() == ferry_mbid);
    BOOST_TEST(row.master_mbid.value() == group_mbid);
    BOOST_TEST(row.release.release_id == 0);
    BOOST_TEST(row.release.artist == "Lanterns & Mara Quill");
    BOOST_TEST(row.release.country.value() == "UK");
    BOOST_TEST(row.release.year.value() == 1983);
    BOOST_TEST((row.release.labels == std::vector<LabelCatno>{{"Harbour Records", "HBR 1201"}}));
    BOOST_TEST((row.release.formats ==
                std::vector<Format>{{"Vinyl", 2, "", {"12\""}}, {"CD", 1, "", {}}}));
    BOOST_TEST(row.origin.source_url == "https://musicbrainz.org/release/" + ferry_mbid);
    BOOST_TEST(!row.origin.show_until.has_value());
    BOOST_TEST((rows[1].release.match == MatchKind::weak));
}

BOOST_AUTO_TEST_CASE(other_codes_are_asked_for_as_they_are_printed) {
    PlayedMusicBrainz played;
    played.source.searchByBarcode(Gtin{4'988'005'112'002}, 10, {});
    played.source.searchByBarcode(Gtin{96'385'074}, 10, {});
    BOOST_TEST(played.server.paths() ==
                   (std::vector<std::string>{searchFor("barcode%3A4988005112002"),
                                             searchFor("barcode%3A96385074")}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_catalogue_number_is_a_quoted_phrase) {
    PlayedMusicBrainz played;
    played.server.on(searchFor("catno%3A%22hbr%20%5C%221201%22"),
                     reply(200, fixture("musicbrainz_search.json")));
    const auto rows = played.source.searchByCatno("hbr \"1201", 10, {});
    BOOST_REQUIRE_EQUAL(rows.size(), 2u);
    BOOST_TEST(rows[0].mbid.value() == ferry_mbid);
    BOOST_TEST(rows[0].release.why == "catalogue number");
}

BOOST_AUTO_TEST_CASE(text_is_asked_for_as_typed) {
    PlayedMusicBrainz played;
    played.server.on(searchFor("night%20%28ferry%3A", "&fmt=json&limit=5&dismax=true"),
                     reply(200, fixture("musicbrainz_search.json")));
    BOOST_TEST(played.source.searchByText("night (ferry:", 5, {}).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_release_is_read_with_its_discogs_link) {
    PlayedMusicBrainz played;
    played.server.on(lookup_path, reply(200, fixture("musicbrainz_release.json")));
    const auto row = played.source.release({{}, ferry_mbid}, {});
    BOOST_REQUIRE(row.has_value());
    const Release& release = row->release;
    BOOST_TEST(release.release_id == 900101);
    BOOST_TEST(row->discogs_url.value() == "https://www.discogs.com/release/900101");
    BOOST_TEST(row->has_front_cover.value());
    BOOST_TEST(row->master_mbid.value() == group_mbid);
    BOOST_TEST(release.artist == "Lanterns & Mara Quill");
    BOOST_TEST(release.released.value() == "1983-03-07");
    BOOST_TEST(
        (release.labels == std::vector<LabelCatno>{{"Harbour Records", "HBR 1201"}, {"Quay", ""}}));
    BOOST_TEST((release.identifiers ==
                std::vector<Identifier>{{IdentifierType::barcode, "012345678905", std::nullopt}}));
    BOOST_TEST((release.tracklist == std::vector<Track>{{"A1", "Slack Water", "4:45"},
                                                        {"A2", "The Crossing", "1:02:03"},
                                                        {"2-1", "Night Ferry", std::nullopt}}));
    BOOST_TEST(release.genres == std::vector<std::string>{"new wave"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_discogs_number_leads_to_the_release) {
    PlayedMusicBrainz played;
    played.server.on(url_path, reply(200, fixture("musicbrainz_url.json")));
    played.server.on(lookup_path, reply(200, fixture("musicbrainz_release.json")));
    const auto row = played.source.release({900101, {}}, {});
    BOOST_REQUIRE(row.has_value());
    BOOST_TEST(row->mbid.value() == ferry_mbid);
    BOOST_TEST(played.server.paths() == (std::vector<std::string>{url_path, lookup_path}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_discogs_number_without_a_link_is_nothing) {
    PlayedMusicBrainz played;
    BOOST_TEST(!played.source.release({900102, {}}, {}).has_value());
    BOOST_TEST(!played.source.release({{}, "../../etc"}, {}).has_value());
    BOOST_TEST(!played.source.release({}, {}).has_value());
    BOOST_TEST(played.server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_release_group_is_the_master_and_its_releases_the_versions) {
    PlayedMusicBrainz played;
    played.server.on(master_url_path, reply(200, fixture("musicbrainz_master_url.json")));
    played.server.on("/ws/2/release-group/" + group_mbid + "?inc=artist-credits+genres&fmt=json",
                     reply(200, fixture("musicbrainz_release_group.json")));
    played.server.on("/ws/2/release?release-group=" + group_mbid +
                         "&inc=artist-credits+labels+media+url-rels&fmt=json&limit=100",
                     reply(200, fixture("musicbrainz_search.json")));
    const auto master = played.source.master({44001, {}}, {});
    BOOST_REQUIRE(master.has_value());
    BOOST_TEST(master->mbid.value() == group_mbid);
    BOOST_TEST(master->master_id.value() == 44001);
    BOOST_TEST(master->title == "Night Ferry");
    BOOST_TEST(master->year.value() == 1983);
    const auto versions = played.source.versions({{}, group_mbid}, 1, {});
    BOOST_REQUIRE_EQUAL(versions.size(), 1u);
    BOOST_TEST(versions[0].master_mbid.value() == group_mbid);
}

BOOST_AUTO_TEST_CASE(discogs_links_are_read_in_all_their_forms) {
    const std::vector<std::pair<std::string, std::int64_t>> links{
        {"https://www.discogs.com/release/249504", 249504},
        {"https://www.discogs.com/release/249504-Rick-Astley", 249504},
        {"http://www.discogs.com/release/249504?x=y", 249504},
        {"https://www.discogs.com/release/249504x", 0},
        {"https://www.discogs.com/master/249504", 0},
        {"https://www.discogs.com/release/", 0},
        {"https://www.discogs.com/release/99999999999999999999", 0},
        {"https://www.discogs.com/release/-5", 0},
    };
    for (const auto& [link, id] : links) {
        const std::string body = R"({"id": ")" + ferry_mbid +
                                 R"(", "title": "x", "relations": [{"type": "discogs", "url": )" +
                                 R"({"resource": ")" + link + R"("}}]})";
        BOOST_TEST(musicbrainz::release(body).release.release_id == id, link);
    }
}

BOOST_AUTO_TEST_SUITE_END()
