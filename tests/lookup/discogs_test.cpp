#include "lookup/discogs.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

constexpr Gtin ferry{12'345'678'905};
const std::string by13 = "/database/search?barcode=0012345678905&type=release&per_page=100&page=1";
const std::string by12 = "/database/search?barcode=012345678905&type=release&per_page=100&page=1";
const std::string byQ = "/database/search?q=012345678905&type=release&per_page=100&page=1";
const std::string nothing = R"({"pagination":{},"results":[]})";

/// Discogs played by a server of the test, with a token in its file.
struct PlayedDiscogs {
    PlayedDiscogs() { folder.write("token", "seCret123\n"); }
    Discogs source() { return Discogs({true, server.url(), folder / "token"}, house.around); }
    std::size_t asked() const { return server.requests().size(); }

    ScratchFolder folder;
    HostileServer server;
    TestSurroundings house;
};

} // namespace

BOOST_AUTO_TEST_SUITE(discogs_source)

BOOST_AUTO_TEST_CASE(a_barcode_is_asked_for_in_13_then_12_digits_then_freely) {
    PlayedDiscogs played;
    played.server.on(by13, reply(200, nothing));
    played.server.on(by12, reply(200, nothing));
    played.server.on(byQ, reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    const auto rows = source.searchByBarcode(ferry, 10, {});
    BOOST_TEST(played.server.paths() == (std::vector<std::string>{by13, by12, byQ}),
               boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(rows.size(), 3u);
    BOOST_TEST(rows[0].release.release_id == 900101);
    BOOST_TEST((rows[0].release.match == MatchKind::exact));
    BOOST_TEST(rows[0].release.why == "barcode");
    BOOST_TEST((rows[1].release.match == MatchKind::weak));
    BOOST_TEST(rows[1].release.why == "found with the barcode, which it does not name");
}

BOOST_AUTO_TEST_CASE(an_exact_hit_ends_the_questions) {
    PlayedDiscogs played;
    played.server.on(by13, reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    BOOST_TEST(source.searchByBarcode(ferry, 1, {}).size() == 1u);
    BOOST_TEST(played.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(other_codes_are_asked_for_as_they_are_printed) {
    const std::vector<std::pair<std::uint64_t, std::string>> codes{
        {4'988'005'112'002, "4988005112002"},
        {96'385'074, "96385074"},
        {10'012'345'678'902, "10012345678902"}};
    for (const auto& [code, digits] : codes) {
        PlayedDiscogs played;
        Discogs source = played.source();
        source.searchByBarcode(Gtin{code}, 10, {});
        BOOST_TEST(
            played.server.paths() ==
                (std::vector<std::string>{
                    "/database/search?barcode=" + digits + "&type=release&per_page=100&page=1",
                    "/database/search?q=" + digits + "&type=release&per_page=100&page=1"}),
            boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(search_results_are_read) {
    PlayedDiscogs played;
    played.server.on(by13, reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    const OnlineCandidate row = source.searchByBarcode(ferry, 10, {}).at(0);
    BOOST_TEST(row.release.artist == "The Lanterns");
    BOOST_TEST(row.release.title == "Night Ferry");
    BOOST_TEST(row.release.year.value() == 1983);
    BOOST_TEST(row.release.country.value() == "UK");
    BOOST_TEST(row.release.master_id.value() == 44001);
    BOOST_TEST((row.release.labels == std::vector<LabelCatno>{{"Harbour Records", "HBR 1201"}}));
    BOOST_TEST((row.release.formats == std::vector<Format>{{"Vinyl", 2, "Red", {"LP", "Album"}}}));
    BOOST_TEST(row.barcodes == std::vector<std::string>{"00012345678905"},
               boost::test_tools::per_element());
    BOOST_TEST(row.discogs_url.value() == "https://www.discogs.com/release/900101");
    BOOST_TEST(row.cover_url.value() == "https://i.discogs.com/c/900101.jpeg");
    BOOST_TEST(row.origin.source == "discogs");
    BOOST_TEST(isoTime(row.origin.fetched_at) == "2026-03-01T12:00:00.000Z");
    BOOST_TEST(isoTime(row.origin.show_until.value()) == "2026-03-01T18:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(poor_search_results_are_read_as_far_as_they_go) {
    PlayedDiscogs played;
    played.server.on(by13, reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    const auto rows = source.searchByBarcode(ferry, 10, {});
    BOOST_TEST((rows.at(1).release.formats ==
                std::vector<Format>{{"Vinyl", 1, "", {"LP", "Album", "Promo"}}}));
    BOOST_TEST(!rows[1].cover_url.has_value());
    BOOST_TEST(rows.at(2).release.release_id == 900102);
    BOOST_TEST(rows[2].release.title == "Untitled");
    BOOST_TEST(rows[2].release.artist == "");
    BOOST_TEST(!rows[2].release.master_id.has_value());
    BOOST_TEST(
        (rows[2].release.labels == std::vector<LabelCatno>{{"Harbour Records", "HBR 1202"}}));
}

BOOST_AUTO_TEST_CASE(a_catalogue_number_is_compared_without_its_separators) {
    PlayedDiscogs played;
    played.server.on("/database/search?catno=hbr-1201&type=release&per_page=100&page=1",
                     reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    const auto rows = source.searchByCatno(" hbr-1201 ", 10, {});
    BOOST_REQUIRE_EQUAL(rows.size(), 3u);
    BOOST_TEST(rows[0].release.release_id == 900101);
    BOOST_TEST(rows[0].release.why == "catalogue number");
    BOOST_TEST((rows[1].release.match == MatchKind::weak));
}

BOOST_AUTO_TEST_CASE(text_is_asked_for_escaped) {
    PlayedDiscogs played;
    played.server.on(
        "/database/search?q=lanterns%20%26%20f%C3%B6g&type=release&per_page=100&page=1",
        reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    BOOST_TEST(source.searchByText("lanterns & f\xC3\xB6g", 2, {}).size() == 2u);
    BOOST_TEST((refusalOf([&] { source.searchByText(" \t ", 2, {}); }).code == ErrorCode::invalid));
    BOOST_TEST((refusalOf([&] { source.searchByText("\xFF", 2, {}); }).code == ErrorCode::invalid));
    BOOST_TEST(played.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(a_release_is_read) {
    PlayedDiscogs played;
    played.server.on("/releases/900101", reply(200, fixture("discogs_release.json")));
    Discogs source = played.source();
    const auto row = source.release({900101, {}}, {});
    BOOST_REQUIRE(row.has_value());
    const Release& release = row->release;
    BOOST_TEST(release.release_id == 900101);
    BOOST_TEST(release.artist == "Lanterns & Mara Quill");
    BOOST_TEST(release.title == "Night Ferry");
    BOOST_TEST(release.year.value() == 1983);
    BOOST_TEST(release.released.value() == "1983-03");
    BOOST_TEST(release.labels.size() == 2u);
    BOOST_TEST((release.formats == std::vector<Format>{{"Vinyl", 2, "Red", {"LP", "Album"}}}));
    BOOST_TEST((release.identifiers ==
                std::vector<Identifier>{{IdentifierType::barcode, "0 12345 67890 5", "Printed"},
                                        {IdentifierType::runout, "HBR 1201 A-1", "Side A, etched"},
                                        {IdentifierType::labelCode, "LC 01234", std::nullopt},
                                        {IdentifierType::other, "none", std::nullopt}}));
    BOOST_TEST((release.tracklist == std::vector<Track>{{"", "Outbound", std::nullopt},
                                                        {"A1", "Slack Water", "4:45"},
                                                        {"", "The Crossing", "9:10"},
                                                        {"A2.1", "Fog", "5:00"},
                                                        {"A2.2", "Lights", "4:10"},
                                                        {"B1", "Night Ferry", std::nullopt}}));
    BOOST_TEST(release.styles == (std::vector<std::string>{"New Wave", "Dream Pop"}),
               boost::test_tools::per_element());
    BOOST_TEST(row->cover_url.value() == "https://i.discogs.com/front.jpeg");
    BOOST_TEST(row->thumbnail_url.value() == "https://i.discogs.com/front150.jpeg");
    BOOST_TEST(row->origin.source_url == "https://www.discogs.com/release/900101");
}

BOOST_AUTO_TEST_CASE(a_master_and_its_versions_are_read) {
    PlayedDiscogs played;
    played.server.on("/masters/44001", reply(200, fixture("discogs_master.json")));
    played.server.on("/masters/44001/versions?per_page=100&page=1",
                     reply(200, fixture("discogs_versions.json")));
    Discogs source = played.source();
    const auto master = source.master({44001, {}}, {});
    BOOST_REQUIRE(master.has_value());
    BOOST_TEST(master->title == "Night Ferry");
    BOOST_TEST(master->artist == "The Lanterns");
    BOOST_TEST(master->main_release_id.value() == 900101);
    BOOST_TEST(master->year.value() == 1983);
    const auto versions = source.versions({44001, {}}, 10, {});
    BOOST_REQUIRE_EQUAL(versions.size(), 2u);
    BOOST_TEST(versions[1].release.release_id == 900103);
    BOOST_TEST(versions[1].release.master_id.value() == 44001);
    BOOST_TEST(versions[1].release.country.value() == "Japan");
    BOOST_TEST(
        (versions[1].release.formats == std::vector<Format>{{"Vinyl", 1, "LP, Album, Promo", {}}}));
}

BOOST_AUTO_TEST_CASE(what_discogs_does_not_have_is_nothing_and_no_failure) {
    PlayedDiscogs played;
    Discogs source = played.source();
    BOOST_TEST(!source.release({1, {}}, {}).has_value());
    BOOST_TEST(!source.master({1, {}}, {}).has_value());
    BOOST_TEST(source.versions({1, {}}, 10, {}).empty());
    BOOST_TEST(played.asked() == 3u);
    BOOST_TEST((source.status().state == OnlineState::ready));
}

BOOST_AUTO_TEST_CASE(keys_that_discogs_cannot_use_are_not_asked_for) {
    PlayedDiscogs played;
    Discogs source = played.source();
    BOOST_TEST(!source.release({{}, "0a9e1f5c-3b1d-4a6e-9f00-000000000101"}, {}).has_value());
    BOOST_TEST(!source.release({firstOwnReleaseId, {}}, {}).has_value());
    BOOST_TEST(!source.release({-1, {}}, {}).has_value());
    BOOST_TEST(played.asked() == 0u);
}

BOOST_AUTO_TEST_CASE(searches_need_a_token_and_releases_do_not) {
    PlayedDiscogs played;
    played.server.on("/releases/900101", reply(200, fixture("discogs_release.json")));
    Discogs source({true, played.server.url(), played.folder / "none"}, played.house.around);
    BOOST_TEST((refusalOf([&] { source.searchByBarcode(ferry, 10, {}); }).code ==
                ErrorCode::unauthenticated));
    BOOST_TEST(played.asked() == 0u);
    BOOST_TEST(source.release({900101, {}}, {}).has_value());
    BOOST_TEST(!contains(played.server.requests().at(0), "Authorization"));
    const auto status = source.status();
    BOOST_TEST((status.state == OnlineState::unauthorised));
    BOOST_TEST(status.detail == "no personal token: searches are not possible");
}

BOOST_AUTO_TEST_CASE(the_token_goes_along_but_never_to_messages_or_the_cache) {
    PlayedDiscogs played;
    played.server.on(by13, reply(401, R"({"message": "You must authenticate."})"));
    Discogs source = played.source();
    const Refusal refusal = refusalOf([&] { source.searchByBarcode(ferry, 10, {}); });
    BOOST_TEST(
        contains(played.server.requests().at(0), "Authorization: Discogs token=seCret123\r\n"));
    BOOST_TEST(!contains(played.server.paths().at(0), "seCret123"));
    BOOST_TEST(!contains(refusal.message, "seCret123"));
    BOOST_TEST(!contains(source.status().detail, "seCret123"));
}

BOOST_AUTO_TEST_CASE(files_that_hold_no_token_count_as_none) {
    for (const std::string text : {"", "two words", "line\r\nInjected: yes", "\xC3\xBC"}) {
        PlayedDiscogs played;
        played.folder.write("token", text);
        Discogs source = played.source();
        BOOST_TEST((refusalOf([&] { source.searchByText("x", 1, {}); }).code ==
                    ErrorCode::unauthenticated),
                   text);
        BOOST_TEST(played.asked() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_refused_token_pauses_everything_until_there_is_another) {
    PlayedDiscogs played;
    played.server.on(by13, reply(401, "{}"));
    played.server.on(by13, reply(200, fixture("discogs_search.json")));
    Discogs source = played.source();
    BOOST_TEST((refusalOf([&] { source.searchByBarcode(ferry, 10, {}); }).code ==
                ErrorCode::unauthenticated));
    BOOST_TEST((source.status().state == OnlineState::unauthorised));
    const Refusal again = refusalOf([&] { source.searchByBarcode(ferry, 10, {}); });
    BOOST_TEST((again.code == ErrorCode::unauthenticated));
    BOOST_TEST(again.retry_at.has_value());
    BOOST_TEST(played.asked() == 1u);
    played.folder.write("token", "better456");
    BOOST_TEST(source.searchByBarcode(ferry, 10, {}).size() == 3u);
    BOOST_TEST((source.status().state == OnlineState::ready));
}

BOOST_AUTO_TEST_CASE(a_source_that_is_off_is_not_asked) {
    PlayedDiscogs played;
    Discogs source({false, played.server.url(), {}}, played.house.around);
    const Refusal refusal = refusalOf([&] { source.searchByText("x", 1, {}); });
    BOOST_TEST((refusal.code == ErrorCode::unavailable));
    BOOST_TEST(!refusal.retry_at.has_value());
    BOOST_TEST((source.status().state == OnlineState::off));
    BOOST_TEST(played.asked() == 0u);
}

BOOST_AUTO_TEST_CASE(the_notice_comes_with_the_status) {
    PlayedDiscogs played;
    const auto status = played.source().status();
    BOOST_TEST(status.name == "discogs");
    BOOST_TEST(contains(status.notice, "Data provided by Discogs."));
    BOOST_TEST(contains(status.notice, "not affiliated"));
    BOOST_TEST(status.notice_url == "https://www.discogs.com");
}

BOOST_AUTO_TEST_SUITE_END()
