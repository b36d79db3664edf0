#include "core/text.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(utf8_is_told_from_other_bytes) {
    for (const auto good :
         {""sv, "abc"sv, "Björk"sv, "日本"sv, "\xF0\x9F\x8E\xB5"sv, "\xF4\x8F\xBF\xBF"sv})
        BOOST_TEST(isUtf8(good));
    for (const auto bad :
         {"\x80"sv, "\xC0\xAF"sv, "\xC1\xBF"sv, "\xE0\x80\xAF"sv, "\xED\xA0\x80"sv,
          "\xF4\x90\x80\x80"sv, "\xC3"sv, "\xE2\x82"sv, "\xFF"sv, "a\xF0\x80\x80\x80"sv})
        BOOST_TEST(!isUtf8(bad));
}

BOOST_AUTO_TEST_CASE(blanks_are_trimmed_at_both_sides) {
    BOOST_TEST(trimmed(" \t0075992731312\r\n") == "0075992731312");
    BOOST_TEST(trimmed(" \r\n") == "");
}

BOOST_AUTO_TEST_CASE(control_characters_are_found) {
    BOOST_TEST(hasControlCharacters("a\x01"sv));
    BOOST_TEST(hasControlCharacters("\x7F"sv));
    BOOST_TEST(hasControlCharacters("\xC2\x85"sv));
    BOOST_TEST(hasControlCharacters("a\0b"sv));
    BOOST_TEST(!hasControlCharacters("Ä \xC2\xA0"sv));
}

BOOST_AUTO_TEST_CASE(shortening_counts_characters_not_bytes) {
    BOOST_TEST(shortened("Björk", 5) == "Björk");
    BOOST_TEST(shortened("Björks", 5) == "Björ…");
    BOOST_TEST(shortened("abc", 3) == "abc");
}

BOOST_AUTO_TEST_CASE(foreign_bytes_become_printable) {
    BOOST_TEST(printable("a\x1b[2J\xff") == "a\\x1b[2J\\xff");
    BOOST_TEST(printable("Grün") == "Grün");
    BOOST_TEST(printable("aaaaaaaa", 3) == "aaa…");
}

BOOST_AUTO_TEST_CASE(parts_of_uris_are_encoded) {
    BOOST_TEST(percentEncoded("SD 8216&x=/?#\xC3\xB6") == "SD%208216%26x%3D%2F%3F%23%C3%B6");
    BOOST_TEST(percentEncoded("/a b/c~1.db", "/") == "/a%20b/c~1.db");
}

BOOST_AUTO_TEST_CASE(bytes_are_shown_as_hexadecimal_digits) {
    BOOST_TEST(hexOf(std::string_view("\0\x7f\xff", 3)) == "007fff");
}

BOOST_AUTO_TEST_SUITE_END()
