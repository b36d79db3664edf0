#include "box.hpp"

#include "json/write.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gatefold;
using namespace gatefold::http;

namespace {

const std::string ownedBarcode = "602435500003";
const std::string twoPressings = "075992731317";

std::string text(const json::Value& value, const std::string& name) {
    return *value.find(name)->string();
}
std::int64_t number(const json::Value& value, const std::string& name) {
    return *value.find(name)->integer();
}
const json::Array& items(const json::Value& page) {
    return *page.find("items")->array();
}

/// A box with its first admin.
struct RoutesHome : Box {
    RoutesHome() { adminCookie(); }

    std::string addCopy(const std::string& body = R"({"release_id":2001})") {
        return text(post("/api/v1/copies", body, 201), "id");
    }
    WireReply patch(const std::string& path, const std::string& body, const std::string& if_match) {
        Ask one{.method = "PATCH", .path = path, .body = body, .token = token(Role::admin)};
        if (!if_match.empty())
            one.headers = {{"If-Match", if_match}};
        return ask(one);
    }
    WireReply plain(const std::string& method, const std::string& path) {
        return ask({.method = method, .path = path, .token = token(Role::admin)});
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(a_scan_plays_a_record_and_the_same_scan_again_is_the_same_scan) {
    RoutesHome home;
    home.addCopy();
    const std::string body =
        R"({"code":")" + ownedBarcode + R"(","source":"phone","client_id":"q-1"})";
    const json::Value first = home.post("/api/v1/scans", body, 201);
    BOOST_TEST(text(first, "outcome") == "played");
    BOOST_TEST(text(first, "gtin") == "00602435500003");
    BOOST_TEST(number(first, "release_id") == 2001);
    BOOST_TEST(text(home.post("/api/v1/scans", body, 200), "id") == text(first, "id"));

    const json::Value now = home.get("/api/v1/decks/main/now-playing");
    BOOST_TEST(text(now, "state") == "playing");
    BOOST_TEST(text(now, "album") == "Moon Dust");
    BOOST_TEST(text(now, "side") == "A");
    BOOST_TEST(number(now, "v") == 1);

    const json::Value scans = home.get("/api/v1/scans");
    BOOST_TEST(items(scans).size() == 1u);
    BOOST_TEST(text(items(scans)[0], "code") == ownedBarcode);
    home.post("/api/v1/scans/" + text(first, "id") + "/undo", "", 200);
    BOOST_TEST(text(home.get("/api/v1/decks/main/now-playing"), "state") == "stopped");
    BOOST_TEST(home.plain("POST", "/api/v1/scans/s_999/undo").status == 404);
}

BOOST_AUTO_TEST_CASE(codes_that_mean_nothing_are_journalled_and_refused_only_without_bytes) {
    RoutesHome home;
    BOOST_TEST(text(home.post("/api/v1/scans", R"({"code":"075992731313"})", 201), "outcome") ==
               "invalid");
    BOOST_TEST(text(home.post("/api/v1/scans", R"({"code":"a\u0000b"})", 201), "outcome") ==
               "invalid");
    BOOST_TEST(
        text(home.post("/api/v1/scans", R"({"code":")" + std::string(4'096, '7') + "\"}", 201),
             "outcome") == "invalid");
    BOOST_TEST(text(home.post("/api/v1/scans", R"({"code":"nobody knows"})", 201), "outcome") ==
               "unknown");
    home.post("/api/v1/scans", R"({"code":""})", 422);
    home.post("/api/v1/scans", R"({"code":")" + std::string(4'097, '7') + "\"}", 413);
    home.post("/api/v1/scans", R"({"code":"1","scanned_at":"yesterday"})", 422);
    BOOST_TEST(number(home.get("/api/v1/scans"), "total") == 4);
}

BOOST_AUTO_TEST_CASE(an_inbox_item_is_settled_by_a_human) {
    RoutesHome home;
    const json::Value answer =
        home.post("/api/v1/scans", R"({"code":")" + twoPressings + "\"}", 201);
    BOOST_TEST(text(answer, "outcome") == "ambiguous");
    const std::string id = text(answer, "inbox_id");
    const json::Value item = home.get("/api/v1/inbox/" + id);
    BOOST_TEST(text(item, "kind") == "pressing_open");
    BOOST_TEST(item.find("candidates")->array()->size() == 2u);
    BOOST_TEST(number(home.get("/api/v1/inbox"), "total") == 1);
    home.post("/api/v1/inbox/" + id + "/resolve", R"({"release_id":1002})", 200);
    BOOST_TEST(number(home.get("/api/v1/inbox"), "total") == 0);
    home.post("/api/v1/inbox/" + id + "/resolve", R"({"dismiss":true})", 409);
    home.get("/api/v1/inbox/i_999", 404);
    home.get("/api/v1/inbox/c_1", 404);
}

BOOST_AUTO_TEST_CASE(an_open_pressing_asks_its_question_and_takes_the_answer) {
    RoutesHome home;
    const std::string path =
        "/api/v1/inbox/" +
        text(home.post("/api/v1/scans", R"({"code":")" + twoPressings + "\"}", 201), "inbox_id");
    const json::Value item = home.get(path);
    BOOST_TEST(json::write(*item.find("question")) ==
               R"({"field":"country","text":"Which country is printed on it?","answers":[)"
               R"({"value":"DE","text":"DE","release_ids":[1001]},)"
               R"({"value":"UK","text":"UK","release_ids":[1002]}]})");
    BOOST_TEST(!*item.find("settled")->boolean());
    BOOST_TEST(item.find("release_id") == nullptr);

    const WireReply wrong = home.ask({.method = "POST",
                                      .path = path + "/resolve",
                                      .body = R"({"answer":"France"})",
                                      .token = home.token(Role::editor)});
    BOOST_TEST(wrong.status == 422);
    const json::Value problem = json::parse(wrong.body);
    BOOST_TEST(text(problem, "code") == "invalid");
    BOOST_TEST(text(problem, "field") == "answer");
    home.post(path + "/resolve", R"({"answer":7})", 422);
    home.post(path + "/resolve", R"({"answer":"UK","dismiss":true})", 422);
    home.post(path + "/resolve", R"({"answer":"UK","field":"year"})", 409);
    home.post(path + "/resolve", R"({"answer":"UK","field":"shape"})", 422);

    const json::Value unknown = home.post(path + "/resolve", R"({"answer":null})", 200);
    BOOST_TEST(unknown.find("question")->isNull());
    BOOST_TEST(unknown.find("candidates")->array()->size() == 2u);
    home.post(path + "/resolve", R"({"answer":"UK"})", 422); // nothing is asked
    home.post(path + "/resolve", R"({"again":true})", 200);
    const json::Value settled =
        home.post(path + "/resolve", R"({"answer":"uk","field":"country"})", 200);
    BOOST_TEST(*settled.find("settled")->boolean());
    BOOST_TEST(number(settled, "release_id") == 1002);
    BOOST_TEST(settled.find("candidates")->array()->size() == 1u);
    BOOST_TEST(settled.find("question")->isNull());
    BOOST_TEST(number(home.get(path), "release_id") == 1002);

    const json::Value next =
        home.post("/api/v1/scans", R"({"code":")" + twoPressings + R"(","source":"other"})", 201);
    BOOST_TEST(text(next, "outcome") == "played");
    BOOST_TEST(number(next, "release_id") == 1002);
}

BOOST_AUTO_TEST_CASE(a_copy_lives_from_adding_to_the_trash_and_back) {
    RoutesHome home;
    const WireReply added =
        home.ask({.method = "POST",
                  .path = "/api/v1/copies",
                  .body = R"({"release_id":2001,"media_grade":"VG+","notes":"gift"})",
                  .token = home.token(Role::admin)});
    BOOST_TEST(added.status == 201);
    const json::Value copy = json::parse(added.body);
    const std::string path = "/api/v1/copies/" + text(copy, "id");
    BOOST_TEST(added.header("location") == path);
    BOOST_TEST(added.header("etag").starts_with("\"1-"));
    BOOST_TEST(text(copy, "media_grade") == "VG+");

    BOOST_TEST(number(home.get("/api/v1/copies?q=moon"), "total") == 1);
    BOOST_TEST(number(home.get("/api/v1/copies?q=nothing"), "total") == 0);
    BOOST_TEST(home.plain("DELETE", path).status == 204);
    BOOST_TEST(number(home.get("/api/v1/copies"), "total") == 0);
    BOOST_TEST(number(home.get("/api/v1/copies?deleted=1"), "total") == 1);
    home.post(path + "/restore", "", 200);
    BOOST_TEST(number(home.get("/api/v1/copies"), "total") == 1);
    home.get("/api/v1/copies/c_999", 404);
    home.post("/api/v1/copies", "{}", 422);
    home.post("/api/v1/copies", R"({"release_id":2001,"release":{"title":"a","artist":"b"}})", 422);
}

BOOST_AUTO_TEST_CASE(a_release_that_nobody_has_is_typed_by_hand) {
    RoutesHome home;
    const json::Value copy = home.post(
        "/api/v1/copies",
        R"({"release":{"title":"Kitchen Tapes","artist":"Us","year":1999,"labels":[{"name":"Own","catno":"K 1"}],)"
        R"("identifiers":[{"type":"barcode","value":"4006381333931"}],"tracklist":[{"position":"A1","title":"Tea"}]}})",
        201);
    BOOST_TEST(number(copy, "release_id") > (std::int64_t{1} << 40));
    const json::Value release =
        home.get("/api/v1/releases/" + std::to_string(number(copy, "release_id")));
    BOOST_TEST(text(release, "title") == "Kitchen Tapes");
    BOOST_TEST(home.get("/api/v1/releases/0", 422).find("field") != nullptr);
    home.get("/api/v1/releases/77", 404);
}

BOOST_AUTO_TEST_CASE(edits_are_checked_against_the_version_that_was_read) {
    RoutesHome home;
    const std::string path = "/api/v1/copies/" + home.addCopy();
    const std::string tag = home.plain("GET", path).header("etag");
    struct Case {
        std::string if_match;
        int status;
    };
    BOOST_TEST(home.patch(path, R"({"notes":"one"})", tag).status == 200);
    for (const Case& one : std::vector<Case>{
             {"", 428}, {tag, 412}, {"\"1\"", 412}, {"W/\"2\"", 412}, {"2", 400}, {"\"x\"", 412}})
        BOOST_TEST(home.patch(path, R"({"notes":"two"})", one.if_match).status == one.status,
                   one.if_match);
    BOOST_TEST(home.patch(path, R"({"notes":"three"})", "\"1\", \"2\"").status == 200);
    BOOST_TEST(home.patch(path, R"({"notes":"four"})", "*").status == 200);
    const json::Value copy = home.get(path);
    BOOST_TEST(text(copy, "notes") == "four");
    BOOST_TEST(number(copy, "version") == 4);

    const WireReply cleared = home.patch(path, R"({"media_grade":null,"notes":null})", "*");
    BOOST_TEST(cleared.status == 200);
    BOOST_TEST(home.ask({.method = "DELETE",
                         .path = path,
                         .headers = {{"If-Match", "\"1\""}},
                         .token = home.token(Role::admin)})
                   .status == 412);
}

BOOST_AUTO_TEST_CASE(a_copy_that_did_not_change_is_not_sent_again) {
    RoutesHome home;
    const std::string path = "/api/v1/copies/" + home.addCopy();
    const std::string tag = home.plain("GET", path).header("etag");
    const Box::Ask again{
        .path = path, .headers = {{"If-None-Match", tag}}, .token = home.token(Role::admin)};
    const WireReply same = home.ask(again);
    BOOST_TEST(same.status == 304);
    BOOST_TEST(same.body.empty());
    home.patch(path, R"({"notes":"new"})", tag);
    BOOST_TEST(home.ask(again).status == 200);
}

BOOST_AUTO_TEST_CASE(lists_come_in_pages) {
    RoutesHome home;
    for (int i = 0; i < 5; ++i)
        home.addCopy();
    std::size_t seen = 0;
    std::string cursor;
    for (int pages = 0; pages < 3; ++pages) {
        const json::Value page =
            home.get("/api/v1/copies?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
        seen += items(page).size();
        BOOST_TEST(number(page, "total") == 5);
        cursor = page.find("next")->isNull() ? "" : text(page, "next");
        BOOST_TEST(cursor.empty() == (pages == 2));
    }
    BOOST_TEST(seen == 5u);
    for (const char* bad :
         {"limit=0", "limit=501", "limit=two", "sort=price", "owner=anna", "release=x"})
        home.get("/api/v1/copies?" + std::string(bad), 422);
    const int status = home.plain("GET", "/api/v1/copies?cursor=nonsense").status;
    BOOST_TEST((status == 400 || status == 422), status);
}

BOOST_AUTO_TEST_CASE(a_record_is_put_on_flipped_sought_and_taken_off) {
    RoutesHome home;
    const std::string copy = home.addCopy();
    BOOST_TEST(home.plain("POST", "/api/v1/decks/main/flip").status == 409);
    BOOST_TEST(text(home.post("/api/v1/decks/main/flip", "", 409), "code") == "no_record");
    BOOST_TEST(text(home.post("/api/v1/decks/main/play", R"({"copy_id":")" + copy + R"("})", 200),
                    "side") == "A");
    BOOST_TEST(text(home.post("/api/v1/decks/main/flip", "", 200), "side") == "B");
    const json::Value sought = home.post("/api/v1/decks/main/seek", R"({"position_s":60})", 200);
    BOOST_TEST(*sought.find("position_s")->integer() == 60);
    home.post("/api/v1/decks/main/seek", R"({"track":"B1"})", 200);
    home.post("/api/v1/decks/main/seek", R"({"track":"Z9"})", 404);
    home.post("/api/v1/decks/main/seek", "{}", 422);
    BOOST_TEST(text(home.post("/api/v1/decks/main/stop", "{}", 200), "state") == "stopped");
    home.post("/api/v1/decks/attic/stop", "", 404);
    home.post("/api/v1/decks/main/play", R"({"copy_id":"c_999"})", 404);
    home.post("/api/v1/decks/main/play", R"({"release_id":2001,"side":"B"})", 200);
    const json::Value plays = home.get("/api/v1/plays");
    BOOST_TEST(number(plays, "total") == 2);
    BOOST_TEST(text(items(home.get("/api/v1/decks"))[0], "id") == "main");
}

BOOST_AUTO_TEST_CASE(the_catalogue_is_asked_by_what_was_typed_or_by_keys) {
    RoutesHome home;
    const json::Value found = home.get("/api/v1/catalogue/search?barcode=0-75992-73131-7");
    BOOST_TEST(text(found, "query") == "0-75992-73131-7");
    BOOST_TEST(text(found, "gtin") == "00075992731317");
    BOOST_TEST(found.find("releases")->array()->size() == 2u);
    BOOST_TEST(home.get("/api/v1/catalogue/search?catno=SD+8216").find("gtin")->isNull());
    BOOST_TEST(home.get("/api/v1/catalogue/search?runout=none").find("releases")->array()->empty());
    BOOST_TEST(
        home.get("/api/v1/catalogue/search?text=moon&limit=1").find("releases")->array()->size() ==
        1u);
    home.get("/api/v1/catalogue/search", 422);
    home.get("/api/v1/catalogue/search?q=a&text=b", 422);
    home.get("/api/v1/catalogue/search?country=UK", 422);
    home.get("/api/v1/catalogue/search?text=moon&year=x", 422);
    home.get("/api/v1/catalogue/search?catno=" + std::string(513, 'a'), 422);
    const json::Value typed = home.get("/api/v1/catalogue/search?q=SD+8216");
    BOOST_TEST(text(typed, "read_as") == "catno");
    BOOST_TEST(text(home.get("/api/v1/catalogue/search?q=0-75992-73131-7"), "read_as") ==
               "barcode");
    BOOST_TEST(text(home.get("/api/v1/catalogue/search?q=the+moon"), "read_as") == "text");
    BOOST_TEST(home.get("/api/v1/catalogue/search?q=--").find("releases")->array()->empty());
    BOOST_TEST(number(home.get("/api/v1/catalogue"), "releases") == 3);
}

BOOST_AUTO_TEST_CASE(people_locations_and_tokens_are_kept) {
    RoutesHome home;
    const json::Value ben = home.post("/api/v1/users", R"({"name":"Ben"})", 201);
    BOOST_TEST(ben.find("role")->isNull());
    BOOST_TEST(text(ben, "card").size() == 16u);
    const std::string path = "/api/v1/users/" + text(ben, "id");
    BOOST_TEST(home.patch(path, R"({"name":"Benjamin"})", "").status == 428);
    BOOST_TEST(
        home.patch(path, R"({"name":"Benjamin"})", home.plain("GET", path).header("etag")).status ==
        200);
    home.post("/api/v1/users", R"({"name":"benjamin"})", 409);
    for (const auto& [edit, status] :
         {std::pair(R"({"role":"viewer"})", 422),
          std::pair(R"({"role":"viewer","password":"velvet harbour 77"})", 200),
          std::pair(R"({"password":null})", 422),
          std::pair(R"({"role":null,"password":null})", 200)})
        BOOST_TEST(home.patch(path, edit, "*").status == status, edit);

    const json::Value room = home.post("/api/v1/locations", R"({"name":"Living room"})", 201);
    const json::Value shelf =
        home.post("/api/v1/locations", R"({"name":"B","parent":")" + text(room, "id") + "\"}", 201);
    BOOST_TEST(text(shelf, "path") == "Living room / B");
    BOOST_TEST(
        home.patch("/api/v1/locations/" + text(shelf, "id"), R"({"name":"C"})", "\"1\"").status ==
        200);
    BOOST_TEST(number(home.get("/api/v1/locations"), "total") == 2);

    const json::Value token =
        home.post("/api/v1/tokens", R"({"scope":"scanner","name":"esp32"})", 201);
    BOOST_TEST(text(token, "token").starts_with("gf_"));
    BOOST_TEST(home.ask({.method = "DELETE",
                         .path = "/api/v1/tokens/" + text(token, "id"),
                         .token = home.token(Role::admin)})
                   .status == 204);
    BOOST_TEST(home.ask({.method = "DELETE",
                         .path = "/api/v1/tokens/" + text(token, "id"),
                         .token = home.token(Role::admin)})
                   .status == 404);
}

BOOST_AUTO_TEST_CASE(a_photo_is_read) {
    RoutesHome home;
    Box::Ask photo{.method = "POST",
                   .path = "/api/v1/photos/decode",
                   .body = "\xff\xd8\xff\xe0 picture",
                   .headers = {{"Content-Type", "image/jpeg"}},
                   .token = home.token(Role::editor)};
    const WireReply reply = home.ask(photo);
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(reply.body ==
               R"({"codes":[{"text":"0075992731317","format":"EAN-13","gtin":"00075992731317",)"
               R"("corners":[{"x":1,"y":2},{"x":3,"y":2},{"x":3,"y":4},{"x":1,"y":4}]}]})");
    photo.body = "not a picture";
    BOOST_TEST(home.ask(photo).status == 400);
    photo.body = "\xff\xd8" + std::string(3 * 1024 * 1024, 'x');
    BOOST_TEST(home.ask(photo).status == 200);
    photo.headers = {{"Content-Type", "image/gif"}};
    BOOST_TEST(home.ask(photo).status == 415);
}

BOOST_AUTO_TEST_CASE(devices_are_shown_named_and_tested) {
    RoutesHome home;
    home.use().devices.status(
        {"usb-1-1.3", "hid_scanner", "scanner", "usb:1-1.3", "Barcode Scanner", true, true, ""});
    const json::Value device = items(home.get("/api/v1/devices")).at(0);
    BOOST_TEST(text(device, "name") == "Barcode Scanner");
    const std::string path = "/api/v1/devices/usb-1-1.3";
    const std::string tag = home.plain("GET", path).header("etag");
    const WireReply named = home.patch(path, R"({"name":"Shelf","layout":"de"})", tag);
    BOOST_TEST(named.status == 200);
    BOOST_TEST(home.patch(path, R"({"layout":"klingon"})", "*").status == 422);
    BOOST_TEST(*home.post(path + "/layout-test", "", 202).find("layout_test")->boolean() == true);
    home.get("/api/v1/devices/usb-9", 404);
}

BOOST_AUTO_TEST_CASE(the_box_tells_about_itself) {
    RoutesHome home;
    BOOST_TEST(text(home.get("/healthz"), "status") == "ok");
    home.get("/api/openapi.json");
    const WireReply cards = home.plain("GET", "/api/v1/cards.pdf");
    BOOST_TEST(cards.header("content-type") == "application/pdf");
    BOOST_TEST(cards.body.starts_with("%PDF "));
    BOOST_TEST(text(home.post("/api/v1/backups", "", 202), "kind") == "backup");
    BOOST_TEST(number(home.get("/api/v1/jobs"), "total") == 1);
    BOOST_TEST(items(home.get("/api/v1/backups")).size() == 1u);
    BOOST_TEST(items(home.get("/api/v1/settings")).size() == 1u);
    const json::Value session = home.get("/api/v1/session");
    BOOST_TEST(text(session, "via") == "token");
    BOOST_TEST(session.find("person")->isNull());
}

BOOST_AUTO_TEST_SUITE_END()
