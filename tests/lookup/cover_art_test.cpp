#include "lookup/cover_art_archive.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

const std::string mbid = "0a9e1f5c-3b1d-4a6e-9f00-000000000101";
const std::string group = "0a9e1f5c-3b1d-4a6e-9f00-00000000aaaa";
const std::string index_path = "/release/" + mbid;
const std::string png = std::string("\x89PNG\r\n\x1A\n") + "picture";
const std::string jpeg = "\xFF\xD8\xFF\xE0picture";

struct PlayedCoverArt {
    std::optional<OnlineCover> cover(CoverSize size) {
        return source.frontCover(mbid, group, size, {});
    }
    HostileServer server;
    TestSurroundings house;
    CoverArtArchive source{{true, server.url(), {}}, house.around};
};

} // namespace

BOOST_AUTO_TEST_SUITE(cover_art_archive)

BOOST_AUTO_TEST_CASE(the_front_is_fetched_in_the_size_or_the_next_larger) {
    const std::vector<std::pair<CoverSize, std::string>> sizes{
        {CoverSize::small, index_path + "/12-250.jpg"},
        {CoverSize::medium, index_path + "/12-500.jpg"},
        {CoverSize::large, index_path + "/12.png"},
        {CoverSize::original, index_path + "/12.png"}};
    for (const auto& [size, path] : sizes) {
        PlayedCoverArt played;
        played.server.on(index_path, redirect("/index"));
        played.server.on("/index", reply(200, fixture("coverart_release.json")));
        played.server.on(path, redirect("/stored"));
        played.server.on("/stored", reply(200, png, "", "application/octet-stream"));
        const auto cover = played.cover(size);
        BOOST_REQUIRE_MESSAGE(cover.has_value(), path);
        BOOST_TEST(cover->bytes == png);
        BOOST_TEST(cover->content_type == "image/png");
        BOOST_TEST(cover->image_url == played.server.url() + "/stored");
        BOOST_TEST(cover->origin.source == "coverart");
        BOOST_TEST(cover->origin.source_url == "https://musicbrainz.org" + index_path);
        BOOST_TEST(!cover->origin.show_until.has_value());
    }
}

BOOST_AUTO_TEST_CASE(without_a_front_of_its_own_the_release_groups_is_taken) {
    PlayedCoverArt played;
    played.server.on(index_path, reply(200, fixture("coverart_no_front.json")));
    played.server.on("/release-group/" + group, reply(200, fixture("coverart_release.json")));
    played.server.on(index_path + "/12-250.jpg", reply(200, jpeg, "", "image/jpeg"));
    const auto cover = played.cover(CoverSize::small);
    BOOST_REQUIRE(cover.has_value());
    BOOST_TEST(cover->content_type == "image/jpeg");
    BOOST_TEST(cover->origin.source_url == "https://musicbrainz.org/release-group/" + group);
}

BOOST_AUTO_TEST_CASE(no_cover_is_nothing_and_no_failure) {
    PlayedCoverArt played;
    BOOST_TEST(!played.cover(CoverSize::small).has_value());
    BOOST_TEST(played.server.paths() ==
                   (std::vector<std::string>{index_path, "/release-group/" + group}),
               boost::test_tools::per_element());
    BOOST_TEST((played.source.status().state == OnlineState::ready));
}

BOOST_AUTO_TEST_CASE(ids_that_are_none_are_not_asked_for) {
    PlayedCoverArt played;
    BOOST_TEST(!played.source.frontCover("../x", {}, CoverSize::small, {}).has_value());
    BOOST_TEST(!played.source.frontCover({}, {}, CoverSize::small, {}).has_value());
    BOOST_TEST(played.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_is_an_error) {
    for (const std::string body : {"<html>not yet</html>", "%PDF-1.4", "", "\xFF\xD8"}) {
        PlayedCoverArt played;
        played.server.on(index_path, reply(200, fixture("coverart_release.json")));
        played.server.on(index_path + "/12-250.jpg", reply(200, body, "", "image/jpeg"));
        const Refusal refusal = refusalOf([&] { played.cover(CoverSize::small); });
        BOOST_TEST(refusal.message == "Cover Art Archive: its answer is not readable: no picture");
    }
}

BOOST_AUTO_TEST_CASE(a_picture_has_a_bound) {
    PlayedCoverArt played;
    played.server.on(index_path, reply(200, fixture("coverart_release.json")));
    played.server.on(index_path + "/12-250.jpg", [](Peer& peer) {
        peer.send(head(200, "Transfer-Encoding: chunked\r\n"));
        peer.flood(std::uint64_t{1} << 30, true);
    });
    BOOST_TEST(refusalOf([&] { played.cover(CoverSize::small); }).message ==
               "Cover Art Archive: it sends more than 12 MiB");
}

BOOST_AUTO_TEST_CASE(pictures_elsewhere_are_not_fetched) {
    PlayedCoverArt played;
    const HostileServer other;
    played.server.on(index_path, reply(200, R"({"images": [{"front": true, "image": ")" +
                                                other.url() + R"(/release/x.jpg"}]})"));
    BOOST_TEST(!played.cover(CoverSize::original).has_value());
    BOOST_TEST(other.requests().empty());
}

BOOST_AUTO_TEST_CASE(the_index_is_kept_and_the_picture_is_not) {
    PlayedCoverArt played;
    played.server.on(index_path, reply(200, fixture("coverart_release.json")));
    played.server.on(index_path + "/12-250.jpg", reply(200, jpeg, "", "image/jpeg"));
    played.cover(CoverSize::small);
    played.cover(CoverSize::small);
    BOOST_TEST(played.server.requests().size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
