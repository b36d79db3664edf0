#include "box.hpp"

#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gatefold;
using namespace gatefold::http;

namespace {

const std::string photo = "\xff\xd8\xff the sleeve";

struct CoversHome : Box {
    CoversHome() { adminCookie(); }

    const std::string copy =
        *post("/api/v1/copies", R"({"release_id":2001})", 201).find("id")->string();
    const std::string path = "/api/v1/copies/" + copy + "/cover";

    WireReply put(const std::string& body, const std::string& media = "image/jpeg") {
        return ask({.method = "PUT",
                    .path = path,
                    .body = body,
                    .headers = {{"Content-Type", media}},
                    .token = token(Role::editor)});
    }
    /// The copy's cover_url.
    std::string url() {
        const json::Value view = get("/api/v1/copies/" + copy);
        const std::string* text = view.find("cover_url")->string();
        return text ? *text : "none";
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(covers, CoversHome)

BOOST_AUTO_TEST_CASE(a_photo_becomes_the_copys_cover_and_is_served_to_anybody_who_has_its_name) {
    BOOST_TEST(url() == "none");
    const WireReply answer = put(photo);
    BOOST_TEST(answer.status == 200, answer.body);
    const std::string shown = url();
    BOOST_TEST(shown.starts_with("/covers/"));
    BOOST_TEST(shown.ends_with("-480.jpg"));
    BOOST_TEST(answer.body.find(shown) != answer.body.npos);
    const WireReply picture = ask({.path = shown});
    BOOST_TEST(picture.status == 200);
    BOOST_TEST(picture.body == photo);
    BOOST_TEST(picture.header("content-type") == "image/jpeg");
    BOOST_TEST(picture.header("cache-control") == "public, max-age=31536000, immutable");
    const std::string large = shown.substr(0, shown.size() - 7) + "1000.jpg";
    BOOST_TEST(ask({.path = large}).status == 200);
}

BOOST_AUTO_TEST_CASE(the_same_photo_is_stored_once_and_another_one_replaces_it) {
    put(photo);
    const std::string first = url();
    put(photo);
    BOOST_TEST(url() == first);
    put(photo + " again");
    BOOST_TEST(url() != first);
}

BOOST_AUTO_TEST_CASE(what_is_on_the_deck_shows_the_cover_with_a_whole_address) {
    post("/api/v1/decks/main/play", R"({"copy_id":")" + copy + "\"}", 200);
    BOOST_TEST(get("/api/v1/decks/main/now-playing").find("cover_url")->isNull());
    put(photo);
    const json::Value now = get("/api/v1/decks/main/now-playing");
    BOOST_TEST(*now.find("cover_url")->string() == "http://gatefold.local:8080" + url());
}

BOOST_AUTO_TEST_CASE(a_photo_is_taken_away_again) {
    put(photo);
    const WireReply answer = ask({.method = "DELETE", .path = path, .token = token(Role::editor)});
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(url() == "none");
    BOOST_TEST(ask({.method = "DELETE", .path = path, .token = token(Role::editor)}).status == 404);
}

BOOST_AUTO_TEST_CASE(what_is_no_photo_changes_nothing) {
    put(photo);
    const std::string shown = url();
    BOOST_TEST(put("no picture").status == 400);
    BOOST_TEST(put("<svg/>", "image/svg+xml").status == 415);
    BOOST_TEST(put("{}", "application/json").status == 415);
    BOOST_TEST(url() == shown);
    const WireReply nobody = ask({.method = "PUT",
                                  .path = "/api/v1/copies/c_999/cover",
                                  .body = photo,
                                  .headers = {{"Content-Type", "image/jpeg"}},
                                  .token = token(Role::editor)});
    BOOST_TEST(nobody.status == 404);
}

BOOST_AUTO_TEST_CASE(the_online_sources_say_how_they_are_and_what_waits_for_them) {
    post("/api/v1/scans", R"({"code":"9780201379624"})", 201); // nobody knows it
    const json::Value page = get("/api/v1/sources");
    const json::Array& items = *page.find("items")->array();
    BOOST_TEST_REQUIRE(items.size() == 1U);
    BOOST_TEST(*items[0].find("name")->string() == "discogs");
    BOOST_TEST(*items[0].find("state")->string() == "unauthorised");
    BOOST_TEST(*items[0].find("detail")->string() == "Discogs wants a token.");
    BOOST_TEST(*items[0].find("requests_waiting")->integer() == 1);
    BOOST_TEST(*items[0].find("notice")->string() == "Data provided by Discogs.");
}

BOOST_AUTO_TEST_CASE(people_ask_the_online_sources_for_what_they_typed) {
    const json::Value answer = get("/api/v1/sources/search?q=SD%208216");
    BOOST_TEST(*answer.find("read_as")->string() == "catno");
    BOOST_TEST(answer.find("found")->array()->empty());
    BOOST_TEST(
        ask({.path = "/api/v1/sources/search?q=x1&read_as=colour", .token = token(Role::editor)})
            .status == 422);
    BOOST_TEST(ask({.path = "/api/v1/sources/search", .token = token(Role::editor)}).status == 422);
    const auto take = [&](const std::string& body) {
        return ask({.method = "POST",
                    .path = "/api/v1/sources/releases",
                    .body = body,
                    .headers = {{"Content-Type", "application/json"}},
                    .token = token(Role::editor)})
            .status;
    };
    BOOST_TEST(take(R"({"source":"discogs","release_id":1})") == 422);
    BOOST_TEST(take(R"({"source":"elsewhere","release_id":1})") == 422);
}

BOOST_AUTO_TEST_SUITE_END()
