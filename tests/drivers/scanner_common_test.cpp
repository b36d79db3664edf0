#include "drivers/scanner_common/aim.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::drivers;

BOOST_AUTO_TEST_SUITE(aim_identifiers)

BOOST_AUTO_TEST_CASE(only_real_identifiers_are_one) {
    for (const char* good : {"]E0", "]C1", "]d2", "]Q3", "]e0", "]X0"})
        BOOST_TEST(isAim(good), good);
    for (const char* bad : {"", "]E", "E00", "]10", "]E?", "]E00", "]a0"})
        BOOST_TEST(!isAim(bad), bad);
}

BOOST_AUTO_TEST_CASE(they_are_taken_off_in_front_of_digits_only) {
    BOOST_TEST(splitAim("]E00075992731312").text == "0075992731312");
    BOOST_TEST(splitAim("]C09743000000000179").text == "9743000000000179");
    BOOST_TEST(splitAim("]Q1live").text == "]Q1live");
    BOOST_TEST(splitAim("]E0123").text == "]E0123");
    BOOST_TEST(splitAim("0075992731312").text == "0075992731312");
    BOOST_TEST(splitAim("]E0").text == "]E0");
    BOOST_TEST((splitAim("]E496385074").symbology == Symbology::ean8));
    BOOST_TEST((splitAim("]E0075992731312").symbology == Symbology::upcA));
    BOOST_TEST((splitAim("0075992731312").symbology == Symbology::unknown));
}

BOOST_AUTO_TEST_CASE(gs1_codes_without_separators_are_noticed) {
    BOOST_TEST(lostItsSeparators("]C101095011015300031012345"));
    BOOST_TEST(lostItsSeparators("]d20109501101530003101ABC"));
    BOOST_TEST(!lostItsSeparators("]C10109501101530003")); // one part needs none
    BOOST_TEST(!lostItsSeparators("]d2010950110153000310AB\x1d"
                                  "17250101"));
    BOOST_TEST(!lostItsSeparators("]E00075992731312"));
    BOOST_TEST(!lostItsSeparators("]Q1a plain text of more than sixteen"));
    BOOST_TEST(!lostItsSeparators(""));
}

BOOST_AUTO_TEST_CASE(codes_are_cut_at_the_bound_between_characters) {
    BOOST_TEST(withinBound("short") == "short");
    BOOST_TEST(withinBound(std::string(5000, 'x')).size() == 4096U);
    const std::string text = std::string(4095, 'x') + "ä" + "y";
    BOOST_TEST(withinBound(text) == std::string(4095, 'x'));
    BOOST_TEST(withinBound(std::string(5000, '\x80')).size() == 4096U); // no UTF-8 at all
}

BOOST_AUTO_TEST_CASE(end_keys_are_cut_at_the_end_only) {
    BOOST_TEST(withoutEndKeys("a\tb\r\n\t") == "a\tb");
    BOOST_TEST(withoutEndKeys("\r\n").empty());
}

BOOST_AUTO_TEST_SUITE_END()
