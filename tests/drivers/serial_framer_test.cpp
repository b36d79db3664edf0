#include "drivers/serial_scanner/serial_framer.hpp"
#include "tests/drivers/moments.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::drivers;
using namespace gatefold::test;

namespace {

using Codes = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(serial_framer)

BOOST_AUTO_TEST_CASE(codes_end_by_cr_lf_both_tab_or_etx) {
    SerialFramer framer;
    BOOST_TEST((framer.take("a\rb\nc\r\nd\t\x02"
                            "e\x03\r\n\r\n",
                            at(0)) == Codes{"a", "b", "c", "d", "e"}));
    BOOST_TEST(!framer.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(pieces_are_put_together_however_they_come) {
    SerialFramer framer;
    BOOST_TEST(framer.take("]C101", at(0)).empty());
    BOOST_TEST(framer.take("0950", at(30)).empty());
    BOOST_TEST((framer.take("1101\r]E0978", at(40)) == Codes{"]C1010950"
                                                             "1101"}));
    BOOST_TEST((framer.take("1\r", at(50)) == Codes{"]E09781"}));
}

BOOST_AUTO_TEST_CASE(silence_ends_a_code_sooner_when_no_end_byte_was_ever_seen) {
    SerialFramer framer;
    framer.take("one", at(0));
    BOOST_TEST(!framer.idle(at(199)).has_value());
    BOOST_TEST(framer.idle(at(200)).value_or("") == "one");
    framer.take("two\r", at(300));
    framer.take("three", at(400));
    BOOST_TEST(!framer.idle(at(999)).has_value());
    BOOST_TEST(framer.idle(at(1000)).value_or("") == "three");
    BOOST_TEST(!framer.idle(at(9000)).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_of_any_kind_are_kept) {
    SerialFramer framer;
    const std::string binary("\x00\x1d\xff\xfe", 4);
    BOOST_TEST((framer.take(binary + "\r", at(0)) == Codes{binary}));
}

BOOST_AUTO_TEST_CASE(an_endless_code_is_given_out_once) {
    SerialFramer framer;
    Codes codes;
    for (int i = 0; i < 100; ++i)
        for (auto& code : framer.take(std::string(1000, 'x'), at(i)))
            codes.push_back(code);
    BOOST_TEST((codes == Codes{std::string(4096, 'x')}));
    BOOST_TEST((framer.take("rest\rnext\r", at(200)) == Codes{"next"}));
}

BOOST_AUTO_TEST_CASE(an_endless_code_is_over_after_silence) {
    SerialFramer framer;
    framer.take(std::string(5000, 'x'), at(0));
    BOOST_REQUIRE(framer.deadline().has_value());
    BOOST_TEST(!framer.idle(at(1000)).has_value());
    BOOST_TEST((framer.take("next\r", at(1100)) == Codes{"next"}));
}

BOOST_AUTO_TEST_CASE(a_reset_drops_the_open_code) {
    SerialFramer framer;
    framer.take("half", at(0));
    framer.reset();
    BOOST_TEST((framer.take("whole\r", at(1)) == Codes{"whole"}));
}

BOOST_AUTO_TEST_SUITE_END()
