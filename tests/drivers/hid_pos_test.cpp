#include "drivers/hid_scanner/hid_pos_report.hpp"
#include "tests/drivers/moments.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::drivers;
using namespace gatefold::test;

namespace {

HidPosAssembler assembler(const Bytes& descriptor, bool honeywell_ids = false) {
    return HidPosAssembler(hidPosFormats(*parseReportDescriptor(descriptor)), honeywell_ids);
}

/// A report of 64 bytes that begins with these.
Bytes report(const std::string& head, std::uint8_t vendor_code = 0, bool continued = false) {
    Bytes bytes(64);
    std::copy(head.begin(), head.end(), bytes.begin());
    bytes[61] = vendor_code;
    bytes[63] = continued ? 1 : 0;
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hid_pos)

BOOST_AUTO_TEST_CASE(the_format_comes_from_the_descriptor) {
    const auto formats = hidPosFormats(*parseReportDescriptor(hidPosDescriptor()));
    BOOST_REQUIRE(formats.size() == 1U);
    BOOST_TEST(formats[0].report_id == 2);
    BOOST_TEST(formats[0].length.value_or(0) == 1U);
    BOOST_TEST(formats[0].aim.value_or(0) == 2U);
    BOOST_TEST(formats[0].data == 5U);
    BOOST_TEST(formats[0].data_size == 56U);
    BOOST_TEST(formats[0].vendor_id.value_or(0) == 61U);
    BOOST_TEST(formats[0].continued_bit.value_or(0) == 504U);
    BOOST_TEST(hidPosFormats(*parseReportDescriptor(keyboardDescriptor())).empty());
}

BOOST_AUTO_TEST_CASE(a_code_as_recorded_is_whole_with_one_report) {
    auto codes = assembler(hidPosDescriptor());
    const auto code = codes.read(report("\x02\x0d]E00075992731312"), at(0));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes == "0075992731312");
    BOOST_TEST((code->symbology == Symbology::ean13));
}

BOOST_AUTO_TEST_CASE(eight_digits_are_ean_8_or_upc_e_as_the_aim_id_says) {
    auto codes = assembler(hidPosDescriptor());
    BOOST_TEST((codes.read(report("\x02\x08]E496385074"), at(0))->symbology == Symbology::ean8));
    BOOST_TEST((codes.read(report("\x02\x08]E001234565"), at(0))->symbology == Symbology::upcE));
    BOOST_TEST((codes.read(report("\x02\x04]Q1live"), at(0))->symbology == Symbology::other));
}

BOOST_AUTO_TEST_CASE(continued_reports_are_put_together_under_the_first_aim_id) {
    auto codes = assembler(hidPosDescriptor());
    const std::string first(56, 'a');
    BOOST_TEST(!codes.read(report("\x02\x38]d2" + first, 0, true), at(0)).has_value());
    const auto code = codes.read(report("\x02\x03]Q1end"), at(5));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes == first + "end");
    BOOST_TEST((code->symbology == Symbology::other));
}

BOOST_AUTO_TEST_CASE(firmware_that_calls_a_full_last_report_continued_is_ended_by_silence) {
    auto codes = assembler(hidPosDescriptor());
    const std::string data(56, '5');
    BOOST_TEST(!codes.read(report("\x02\x38]C0" + data, 0, true), at(0)).has_value());
    BOOST_TEST(!codes.idle(at(499)).has_value());
    BOOST_REQUIRE((codes.deadline() == at(500)));
    const auto code = codes.idle(at(500));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes == data);
    BOOST_TEST(!codes.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(without_a_length_byte_data_ends_at_the_first_nul) {
    auto codes = assembler(hidPosDescriptorWithoutLength());
    Bytes bytes(64);
    const std::string head("\x02]E04006381333931");
    std::copy(head.begin(), head.end(), bytes.begin());
    const auto code = codes.read(bytes, at(0));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes == "4006381333931");
    BOOST_TEST((code->symbology == Symbology::ean13));
}

BOOST_AUTO_TEST_CASE(honeywell_code_letters_stand_in_for_a_missing_aim_id) {
    auto codes = assembler(hidPosDescriptor(), true);
    std::string head("\x02\x08");
    head.append(3, '\0');
    head += "01234565";
    BOOST_TEST((codes.read(report(head, 0x45), at(0))->symbology == Symbology::upcE));
    BOOST_TEST((codes.read(report(head, 0x44), at(0))->symbology == Symbology::ean8));
    BOOST_TEST((codes.read(report(head, 0x73), at(0))->symbology == Symbology::other));
    BOOST_TEST((codes.read(report(head, 0), at(0))->symbology == Symbology::unknown));
}

BOOST_AUTO_TEST_CASE(end_keys_at_the_end_are_cut_and_control_characters_inside_kept) {
    auto codes = assembler(hidPosDescriptor());
    BOOST_TEST(codes
                   .read(report("\x02\x07]C1"
                                "ab\x1d"
                                "cd\r\n"),
                         at(0))
                   ->bytes == "ab\x1d"
                              "cd");
    BOOST_TEST(!codes.read(report("\x02\x02]C0\r\n"), at(0)).has_value());
}

BOOST_AUTO_TEST_CASE(lengths_that_lie_are_bounded) {
    auto codes = assembler(hidPosDescriptor());
    const auto code = codes.read(report("\x02\xff]Q1" + std::string(56, 'z')), at(0));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes == std::string(56, 'z'));
}

BOOST_AUTO_TEST_CASE(an_endless_code_is_bounded) {
    auto codes = assembler(hidPosDescriptor());
    for (int i = 0; i < 200; ++i)
        BOOST_TEST(
            !codes.read(report("\x02\x38]Q1" + std::string(56, 'z'), 0, true), at(i)).has_value());
    const auto code = codes.idle(at(1000));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->bytes.size() == 4096U);
}

BOOST_AUTO_TEST_CASE(other_reports_and_garbage_are_counted_only) {
    auto codes = assembler(hidPosDescriptor());
    BOOST_TEST(!codes.read(Bytes{}, at(0)).has_value());
    BOOST_TEST(!codes.read(Bytes{2}, at(0)).has_value());
    BOOST_TEST(!codes.read(Bytes(64, 0xFF), at(0)).has_value());
    BOOST_TEST(codes.undecodable() == 3U);
    BOOST_TEST(codes.read(report("\x02\x01]Q1x"), at(0))->bytes == "x");
}

BOOST_AUTO_TEST_CASE(a_reset_drops_what_is_open) {
    auto codes = assembler(hidPosDescriptor());
    codes.read(report("\x02\x38]Q1" + std::string(56, 'z'), 0, true), at(0));
    codes.reset();
    BOOST_TEST(codes.read(report("\x02\x01]Q1x"), at(1))->bytes == "x");
}

BOOST_AUTO_TEST_CASE(simple_com_port_emulation_is_length_then_data) {
    HidPosAssembler codes({lengthPrefixedFormat(64)});
    Bytes bytes(64);
    const std::string head("\x0e"
                           "0075992731312\r");
    std::copy(head.begin(), head.end(), bytes.begin());
    BOOST_TEST(codes.read(bytes, at(0))->bytes == "0075992731312");
}

BOOST_AUTO_TEST_SUITE_END()
