#include "core/typed_query.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gatefold;

namespace {

std::string readings(std::string_view typed) {
    std::string out;
    for (const ReadAs reading : readingsOf(typed)) {
        out += nameOf(reading);
        out += ' ';
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(typed_digits_of_a_barcodes_length_are_a_barcode_first) {
    BOOST_TEST(readings("5099902987613") == "barcode catno runout text ");
    BOOST_TEST(readings("0 75992-73131 7") == "barcode catno runout text ");
    BOOST_TEST(readings("84000") == "catno runout text ");
}

BOOST_AUTO_TEST_CASE(typed_numbers_with_short_letters_are_catalogue_numbers_first) {
    BOOST_TEST(readings("SD 8216") == "catno runout text ");
    BOOST_TEST(readings("sd8216") == "catno runout text ");
    BOOST_TEST(readings("SHVL 804") == "catno runout text ");
    BOOST_TEST(readings("2C 064-04299") == "catno runout text ");
    BOOST_TEST(readings("blink 182") == "catno runout text ");
}

BOOST_AUTO_TEST_CASE(typed_numbers_with_a_side_or_stamps_are_runouts_first) {
    BOOST_TEST(readings("SHVL 804 A-2") == "runout catno text ");
    BOOST_TEST(readings("ST-A-701623-A") == "runout catno text ");
    BOOST_TEST(readings("8216b1") == "runout catno text ");
    BOOST_TEST(readings("SK 032 A // MPO") == "runout catno text ");
    BOOST_TEST(readings("PORKY △ 12") == "runout catno text ");
    BOOST_TEST(readings("BG2 73131 A SH1 12 3 4 5") == "runout catno text ");
}

BOOST_AUTO_TEST_CASE(typed_words_are_text_first) {
    BOOST_TEST(readings("miles davis kind of blue") == "text catno runout ");
    BOOST_TEST(readings("Atlantic SD 8216") == "text catno runout ");
    BOOST_TEST(readings("1999") == "text catno runout ");
    BOOST_TEST(readings("Кино 45") == "text catno runout ");
    BOOST_TEST(readings("宇多田ヒカル") == "text ");
}

BOOST_AUTO_TEST_CASE(nothing_typed_has_no_reading) {
    BOOST_TEST(readings("") == "");
    BOOST_TEST(readings("  -. / ") == "");
}
