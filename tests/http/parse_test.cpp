#include "core/error.hpp"
#include "http/auth.hpp"
#include "http/parse.hpp"
#include "http/routes.hpp"
#include "http/static_files.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace gatefold;
using namespace gatefold::http;

namespace {

std::string refusal(std::string_view target) {
    try {
        parseTarget(target);
    } catch (const Error& error) {
        return std::string(name(error.code()));
    }
    return "accepted";
}

} // namespace

BOOST_AUTO_TEST_SUITE(parsing)

BOOST_AUTO_TEST_CASE(a_target_is_decoded_into_segments_and_parameters) {
    const Target target = parseTarget("/api/v1/copies/c_1/?q=nina+simone%20%C3%A9&limit=5&flag");
    BOOST_TEST(target.path() == "/api/v1/copies/c_1");
    BOOST_TEST(target.query.at("q") == "nina simone é");
    BOOST_TEST(target.query.at("limit") == "5");
    BOOST_TEST(target.query.at("flag") == "");
    BOOST_TEST(parseTarget("/").path() == "/");
    BOOST_TEST(parseTarget("/a+b").path() == "/a+b");
}

BOOST_AUTO_TEST_CASE(targets_that_climb_lie_or_break_are_refused) {
    for (const char* target :
         {"",        "api",       "http://x/", "*",        "/..",    "/../etc/passwd",
          "/a/../b", "/%2e%2e/x", "/.%2E/x",   "/a%2fb",   "/a%5cb", "/a\\b",
          "/%00",    "/a%0d%0ab", "/%",        "/%4",      "/%zz",   "/%ff",
          "/%c0%af", "/?a=%",     "/?a=%ff",   "/?a=1&a=2"})
        BOOST_TEST(refusal(target) == "malformed", target << " is " << refusal(target));
    BOOST_TEST(refusal("/" + std::string(8'192, 'a')) == "too_large");
    std::string many = "/?";
    for (int i = 0; i < 65; ++i)
        many += "p" + std::to_string(i) + "=1&";
    BOOST_TEST(refusal(many) == "malformed");
}

BOOST_AUTO_TEST_CASE(a_cookie_is_found_by_its_whole_name) {
    BOOST_TEST(cookieValue("a=1; gf=Abc-_9; b=2", "gf").value() == "Abc-_9");
    BOOST_TEST(cookieValue("gf=one; gf=two", "gf").value() == "one");
    BOOST_TEST(!cookieValue("xgf=1; gfx=2", "gf").has_value());
    BOOST_TEST(!cookieValue("gf=", "gf").has_value());
    BOOST_TEST(!cookieValue("gf=a b", "gf").has_value());
    BOOST_TEST(!cookieValue("gf=\"quoted\"", "gf").has_value());
    BOOST_TEST(!cookieValue("gf=" + std::string(129, 'a'), "gf").has_value());
    BOOST_TEST(!cookieValue("", "gf").has_value());
}

BOOST_AUTO_TEST_CASE(a_bearer_token_is_plain_and_short) {
    BOOST_TEST(bearerToken("Bearer gf_1_abc").value() == "gf_1_abc");
    BOOST_TEST(bearerToken("bearer  gf_1_abc ").value() == "gf_1_abc");
    BOOST_TEST(!bearerToken("Basic Z2Y6").has_value());
    BOOST_TEST(!bearerToken("Bearer ").has_value());
    BOOST_TEST(!bearerToken("Bearer a b").has_value());
    BOOST_TEST(!bearerToken("Bearer " + std::string(257, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(codings_are_taken_only_when_they_are_named) {
    BOOST_TEST(acceptsCoding("gzip, deflate, br", "br"));
    BOOST_TEST(acceptsCoding("GZIP;q=0.5", "gzip"));
    BOOST_TEST(!acceptsCoding("br;q=0, gzip", "br"));
    BOOST_TEST(!acceptsCoding("br; Q=0.000", "br"));
    BOOST_TEST(!acceptsCoding("brotli", "br"));
    BOOST_TEST(!acceptsCoding("", "br"));
}

BOOST_AUTO_TEST_CASE(entity_tags_are_lists_of_quoted_words) {
    const EntityTags tags = parseEntityTags("\"3-a\" , W/\"4\"");
    BOOST_TEST(tags.tags.size() == 2u);
    BOOST_TEST(tags.tags[0].value == "3-a");
    BOOST_TEST(tags.tags[1].weak);
    BOOST_TEST(parseEntityTags("*").any);
    for (const char* bad : {"", "3", "\"3", "\"3\" \"4\"", "\"3\",", "w/\"3\""})
        BOOST_CHECK_THROW(static_cast<void>(parseEntityTags(bad).tags.at(1)), std::exception);
}

BOOST_AUTO_TEST_CASE(origins_are_compared_in_one_form) {
    BOOST_TEST(normalOrigin("HTTP://Box:80/").value() == "http://box");
    BOOST_TEST(normalOrigin("https://box:443").value() == "https://box");
    BOOST_TEST(normalOrigin("http://box:8080").value() == "http://box:8080");
    for (const char* bad :
         {"null", "", "file://", "http://", "ftp://box", "http://a/b", "http://u@box"})
        BOOST_TEST(!normalOrigin(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(cursors_need_no_escapes) {
    const std::string cursor = R"(["Björk & Co",5])";
    const std::string text = encodeCursor(cursor);
    BOOST_TEST(text == "WyJCasO2cmsgJiBDbyIsNV0");
    BOOST_TEST(decodeCursor(text).value() == cursor);
    for (const char* plain : {"", "a", "ab", "abc", "\xff\xfe\xfd\xfc"})
        BOOST_TEST(decodeCursor(encodeCursor(plain)).value() == plain);
    BOOST_TEST(!decodeCursor("a=").has_value());
    BOOST_TEST(!decodeCursor("a+b/").has_value());
}

BOOST_AUTO_TEST_CASE(patterns_match_whole_paths) {
    std::vector<std::pair<std::string_view, std::string>> found;
    BOOST_TEST(matches("/api/v1/copies/{id}", parseTarget("/api/v1/copies/c_1"), found));
    BOOST_TEST(found.at(0).second == "c_1");
    BOOST_TEST(matches("/covers/{name}.jpg", parseTarget("/covers/9f2c-512.jpg"), found));
    BOOST_TEST(found.at(0).second == "9f2c-512");
    BOOST_TEST(!matches("/covers/{name}.jpg", parseTarget("/covers/.jpg"), found));
    BOOST_TEST(!matches("/api/v1/copies/{id}", parseTarget("/api/v1/copies"), found));
    BOOST_TEST(!matches("/api/v1/copies", parseTarget("/api/v1/copies/c_1"), found));
    BOOST_TEST(!matches("/api/v1/copies", parseTarget("/"), found));
}

BOOST_AUTO_TEST_CASE(the_policy_names_the_hash_of_the_inlined_style_sheet) {
    // printf 'body{color:red}' | openssl dgst -sha256 -binary | base64
    const std::string policy =
        contentPolicyFor("<head><style nonce>body{color:red}</style></head>");
    BOOST_TEST(
        policy.find("style-src 'self' 'sha256-FcQqt3aNlV7AZnGV4zkQRVeCeJOxbMPnQSx258L803E=';") !=
            std::string::npos,
        policy);
    BOOST_TEST(policy.find("script-src 'self' 'wasm-unsafe-eval';") != std::string::npos);
    BOOST_TEST(policy.find("unsafe-inline") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
