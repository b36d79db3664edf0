#include "drivers/hid_scanner/report_descriptor.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold::drivers;
using namespace gatefold::test;

BOOST_AUTO_TEST_SUITE(report_descriptor)

BOOST_AUTO_TEST_CASE(a_boot_keyboard_is_read) {
    const auto descriptor = parseReportDescriptor(keyboardDescriptor());
    BOOST_REQUIRE(descriptor.has_value());
    BOOST_TEST(descriptor->has(keyboardUsage));
    BOOST_TEST(!descriptor->uses_report_ids);
    BOOST_TEST(descriptor->longestInputReport() == 8U);
}

BOOST_AUTO_TEST_CASE(offsets_of_a_hid_pos_report_are_those_of_the_usage_tables_example) {
    const auto descriptor = parseReportDescriptor(hidPosDescriptor());
    BOOST_REQUIRE(descriptor.has_value());
    BOOST_TEST(descriptor->has(barCodeScannerUsage));
    BOOST_TEST(descriptor->longestInputReport() == 64U);
    const auto offset = [&](Usage wanted) {
        for (const ReportField& field : descriptor->fields)
            if (const auto bit = field.bitOffsetOf(wanted))
                return static_cast<int>(*bit);
        return -1;
    };
    BOOST_TEST(offset(usage(0x01, 0x3B)) == 8);   // length
    BOOST_TEST(offset(usage(0x8C, 0xFB)) == 16);  // AIM id
    BOOST_TEST(offset(usage(0x8C, 0xFD)) == 32);  // its third byte
    BOOST_TEST(offset(usage(0x8C, 0xFE)) == 40);  // data
    BOOST_TEST(offset(usage(0x8C, 0xFF)) == 504); // continued
    BOOST_TEST(offset(usage(0x8C, 0x12)) == -1);
}

BOOST_AUTO_TEST_CASE(globals_are_pushed_and_popped_and_long_items_skipped) {
    const Bytes bytes{0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x75, 0x08, 0x95, 0x02, 0xA4, 0x75, 0x01,
                      0x95, 0x10, 0xB4, 0xFE, 0x02, 0x10, 0xAA, 0xBB, 0x09, 0xFE, 0x81, 0x02, 0xC0};
    const auto descriptor = parseReportDescriptor(bytes);
    BOOST_REQUIRE(descriptor.has_value());
    BOOST_TEST(descriptor->fields.at(0).bits == 8U);
    BOOST_TEST(descriptor->fields.at(0).count == 2U);
}

BOOST_AUTO_TEST_CASE(broken_descriptors_are_refused) {
    const Bytes whole = keyboardDescriptor();
    BOOST_TEST(!parseReportDescriptor(Bytes(whole.begin(), whole.end() - 1))
                    .has_value());                                     // collection left open
    BOOST_TEST(!parseReportDescriptor(Bytes{0x06, 0x01}).has_value()); // item cut
    BOOST_TEST(!parseReportDescriptor(Bytes{0xFE, 0xFF}).has_value()); // long item cut
    BOOST_TEST(!parseReportDescriptor(Bytes{0xC0}).has_value());       // nothing to close
    BOOST_TEST(!parseReportDescriptor(Bytes{0xB4}).has_value());       // nothing to pop
    BOOST_TEST(!parseReportDescriptor(Bytes{0x85, 0x00}).has_value()); // report id 0
    BOOST_TEST(!parseReportDescriptor(Bytes(64, 0xA4)).has_value());   // pushed without end
    BOOST_TEST(!parseReportDescriptor(
                    Bytes{0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x02})
                    .has_value()); // a report of 2^64 bits
    Bytes nested;
    for (int i = 0; i < 20; ++i)
        nested.insert(nested.end(), {0xA1, 0x00});
    nested.insert(nested.end(), 20, 0xC0);
    BOOST_TEST(!parseReportDescriptor(nested).has_value());
    BOOST_TEST(parseReportDescriptor(Bytes{}).has_value()); // says nothing, does no harm
}

BOOST_AUTO_TEST_CASE(bits_are_read_least_significant_first_and_zero_past_the_end) {
    const Bytes report{0b1010'0101, 0b0000'1111};
    BOOST_TEST(bitsAt(report, 0, 8) == 0xA5U);
    BOOST_TEST(bitsAt(report, 4, 8) == 0xFAU);
    BOOST_TEST(bitsAt(report, 12, 8) == 0U);
    BOOST_TEST(bitsAt(report, 100, 8) == 0U);
    BOOST_TEST(bitsAt(report, 0, 16) == 0x0FA5U);
}

BOOST_AUTO_TEST_SUITE_END()
