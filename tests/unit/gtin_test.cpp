#include "core/gtin.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;

namespace {
std::string strict(std::string_view code, Symbology symbology = Symbology::unknown) {
    std::string out;
    for (const Gtin gtin : gtinKeysOfScan(code, symbology).strict)
        out += gtin.text() + " ";
    return out;
}
std::string weak(std::string_view code) {
    std::string out;
    for (const Gtin gtin : gtinKeysOfScan(code).weak)
        out += gtin.text() + " ";
    return out;
}
std::string field(std::string_view text) {
    std::string out;
    for (const CatalogueKey& key : gtinKeysOfField(text))
        out += key.gtin.text() + (key.weak ? "w" : "") + (key.checkDigitWrong ? "!" : "") + " ";
    return out;
}
} // namespace

BOOST_AUTO_TEST_SUITE(gtin)

BOOST_AUTO_TEST_CASE(upc_and_ean_of_one_product_are_equal) {
    BOOST_TEST(strict("075992731317") == "00075992731317 ");
    BOOST_TEST(strict("0075992731317") == "00075992731317 ");
    BOOST_TEST(strict("00075992731317").starts_with("00075992731317 "));
    BOOST_TEST(strict("5 012394 144777") == "05012394144777 ");
    BOOST_TEST(strict("5-012394-144777") == "05012394144777 ");
}

BOOST_AUTO_TEST_CASE(digits_of_every_script_count) {
    BOOST_TEST(strict("٠٧٥٩٩٢٧٣١٣١٧") == "00075992731317 ");
    BOOST_TEST(strict("０７５９９２７３１３１７") == "00075992731317 ");
}

BOOST_AUTO_TEST_CASE(eight_digits_are_ean8_first_then_upc_e) {
    BOOST_TEST(strict("96385074") == "00000096385074 ");
    BOOST_TEST(strict("01234565") == "00000001234565 00012345000065 ");
    BOOST_TEST(strict("01234565", Symbology::upcE) == "00012345000065 ");
    BOOST_TEST(strict("01234565", Symbology::ean8) == "00000001234565 ");
}

BOOST_AUTO_TEST_CASE(upc_e_expands_by_its_last_digit) {
    BOOST_TEST(expandUpcE("01234565")->text() == "00012345000065");
    BOOST_TEST(expandUpcE("04252614")->text() == "00042100005264");
    BOOST_TEST(!expandUpcE("21234565").has_value());
    BOOST_TEST(!expandUpcE("01234566").has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_check_digit_is_kept_as_read) {
    const GtinKeys keys = gtinKeysOfScan("0075992731318");
    BOOST_TEST(keys.strict.empty());
    BOOST_TEST(keys.damaged());
    BOOST_TEST(keys.asRead->text() == "00075992731318");
}

BOOST_AUTO_TEST_CASE(add_ons_are_cut) {
    BOOST_TEST(strict("07599273131712") == "00075992731317 "); // 12 + 2 looks like a GTIN-14
    BOOST_TEST(weak("007599273131712") == "00075992731317 ");
    BOOST_TEST(weak("007599273131712345") == "00075992731317 ");
    BOOST_TEST(weak("07599273131712345") == "00075992731317 ");
}

BOOST_AUTO_TEST_CASE(a_missing_zero_or_check_digit_is_a_weak_key) {
    BOOST_TEST(weak("75992731317") == "00075992731317 ");
    BOOST_TEST(weak("07599273131") == "00075992731317 ");
    BOOST_TEST(weak("501239414477") == "05012394144777 ");
    BOOST_TEST(weak("7599273131") == "00075992731317 ");
}

BOOST_AUTO_TEST_CASE(other_text_has_no_keys) {
    for (const char* text : {"", "none", "GEMA", "LC 0193", "1234567", "BMD-2001A",
                             "1234567890123456789", "00000000", "SD 8216"})
        BOOST_TEST(gtinKeysOfScan(text).empty(), text);
}

BOOST_AUTO_TEST_CASE(fields_of_the_catalogue_are_dirty) {
    BOOST_TEST(field("5 012394 144777") == "05012394144777 ");
    BOOST_TEST(field("T 4988006123456") == "04988006123456! ");
    BOOST_TEST(field("0 7599-27313-1 7") == "00075992731317 ");
    BOOST_TEST(field("075992731317 / 5012394144777") == "00075992731317w 05012394144777w ");
    BOOST_TEST(field("none") == "");
    BOOST_TEST(field("- . -") == "");
}

BOOST_AUTO_TEST_SUITE_END()
