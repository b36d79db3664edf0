#include "core/codes.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;

BOOST_AUTO_TEST_SUITE(printed_codes)

BOOST_AUTO_TEST_CASE(the_fixed_numbers_are_those_of_the_contract) {
    BOOST_TEST(printedDigits({PrintedKind::control, card::undo}) == "9743000000000179");
    BOOST_TEST(printedDigits({PrintedKind::control, 11}) == "9743000000001149");
    BOOST_TEST(printedDigits({PrintedKind::setup, card::layoutTest}) == "9743900000000134");
    BOOST_TEST(layoutTestCode() == "9743900000000134ayz-/;\"@#\\");
}

BOOST_AUTO_TEST_CASE(every_kind_reads_back) {
    for (const PrintedCode code :
         {PrintedCode{PrintedKind::control, 40}, PrintedCode{PrintedKind::copyLabel, 999'999'999},
          PrintedCode{PrintedKind::person, 1}, PrintedCode{PrintedKind::location, 77},
          PrintedCode{PrintedKind::deck, 3}, PrintedCode{PrintedKind::setup, 1}}) {
        const auto read = parsePrinted(printedDigits(code));
        BOOST_REQUIRE(read.has_value());
        BOOST_TEST((*read == code));
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_digit_anywhere_is_noticed) {
    const std::string good = "9743000000001149";
    for (std::size_t i = 4; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = bad[i] == '9' ? '0' : static_cast<char>(bad[i] + 1);
        BOOST_TEST(!parsePrinted(bad).has_value(), bad);
    }
}

BOOST_AUTO_TEST_CASE(two_swapped_digits_are_noticed) {
    BOOST_TEST(!parsePrinted("9743000000001194").has_value());
}

BOOST_AUTO_TEST_CASE(unused_kinds_and_other_lengths_are_not_ours) {
    BOOST_TEST(!parsePrinted(printedDigits({static_cast<PrintedKind>(7), 1})).has_value());
    BOOST_TEST(!looksPrinted("974300000000117"));
    BOOST_TEST(!looksPrinted("97430000000011499"));
    BOOST_TEST(!looksPrinted("97430000000011x9"));
    BOOST_TEST(!looksPrinted("0075992731312"));
}

BOOST_AUTO_TEST_CASE(digits_are_grouped_in_fours) {
    BOOST_TEST(groupedDigits("9743000000000179") == "9743 0000 0000 0179");
}

BOOST_AUTO_TEST_SUITE_END()
