#include "box.hpp"
#include "http/reply_cache.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::http;

BOOST_AUTO_TEST_SUITE(reply_cache)

BOOST_AUTO_TEST_CASE(a_reply_holds_for_its_revision_alone) {
    ReplyCache cache;
    cache.keep(7, "copies", "seven");
    BOOST_TEST(cache.find(7, "copies").value_or("") == "seven");
    BOOST_TEST(!cache.find(7, "scans").has_value());
    BOOST_TEST(!cache.find(8, "copies").has_value());
    BOOST_TEST(!cache.find(6, "copies").has_value());
    cache.keep(8, "scans", "eight");
    BOOST_TEST(!cache.find(8, "copies").has_value());
    BOOST_TEST(cache.find(8, "scans").value_or("") == "eight");
    cache.keep(7, "late", "read before the last write");
    BOOST_TEST(!cache.find(7, "late").has_value());
    BOOST_TEST(!cache.find(8, "late").has_value());
}

BOOST_AUTO_TEST_CASE(the_memory_is_bounded) {
    ReplyCache cache(4'000);
    cache.keep(1, "large", std::string(2'000, 'x'));
    BOOST_TEST(!cache.find(1, "large").has_value());
    for (const std::string name : {"a", "b", "c", "d"})
        cache.keep(1, name, std::string(800, 'x'));
    BOOST_TEST(cache.find(1, "d").has_value());
    cache.keep(1, "e", std::string(800, 'x'));
    BOOST_TEST(!cache.find(1, "a").has_value());
    BOOST_TEST(cache.find(1, "e").has_value());
}

BOOST_AUTO_TEST_CASE(a_list_is_as_new_as_the_last_write) {
    Box box;
    box.adminCookie();
    const auto list = [&](const std::string& query = "") {
        return box.ask({.path = "/api/v1/copies" + query, .token = box.token(Role::viewer)}).body;
    };
    const auto shows = [&](const std::string& text) {
        return list().find(text) != std::string::npos;
    };
    const std::string none = list();
    BOOST_TEST(list() == none);
    const json::Value room = box.post("/api/v1/locations", R"({"name":"Hall"})", 201);
    const std::string place = *room.find("id")->string();
    const json::Value copy = box.post(
        "/api/v1/copies",
        R"({"release":{"title":"Dummy","artist":"Portishead"},"location":")" + place + "\"}", 201);
    BOOST_TEST(shows("Portishead"));
    BOOST_TEST(list("?q=dummy") == list("?q=dummy"));
    BOOST_TEST(list("?q=dummy") != list("?q=nothing"));
    BOOST_TEST(box.ask({.method = "PATCH",
                        .path = "/api/v1/locations/" + place,
                        .body = R"({"name":"Attic"})",
                        .headers = {{"If-Match", "*"}},
                        .token = box.token(Role::admin)})
                   .status == 200);
    BOOST_TEST(shows("Attic"));
    const std::string path = "/api/v1/copies/" + *copy.find("id")->string();
    BOOST_TEST(
        box.ask({.method = "DELETE", .path = path, .token = box.token(Role::admin)}).status == 204);
    BOOST_TEST(!shows("Portishead"));
}

BOOST_AUTO_TEST_CASE(who_may_not_read_gets_no_kept_reply_either) {
    Box box;
    box.adminCookie();
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = box.token(Role::viewer)}).status == 200);
    BOOST_TEST(box.ask({.path = "/api/v1/copies"}).status == 401);
    BOOST_TEST(box.ask({.path = "/api/v1/copies", .token = box.token(Role::scanner)}).status ==
               403);
}

BOOST_AUTO_TEST_SUITE_END()
