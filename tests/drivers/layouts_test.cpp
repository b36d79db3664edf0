#include "core/codes.hpp"
#include "drivers/hid_scanner/layout_test.hpp"
#include "drivers/hid_scanner/layouts.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

using namespace gatefold;
using namespace gatefold::drivers;

namespace {

constexpr std::uint8_t shift = 0x02, altGr = 0x40;

std::vector<Stroke> strokes(std::initializer_list<std::pair<int, int>> keys) {
    std::vector<Stroke> result;
    for (const auto& [usage, modifiers] : keys)
        result.push_back(
            {static_cast<std::uint8_t>(usage), static_cast<std::uint8_t>(modifiers), {}});
    return result;
}

/// Digit keys 1E-27 of "9743900000000134".
std::vector<Stroke> layoutTestDigits(std::uint8_t modifiers) {
    std::vector<Stroke> result;
    for (const char c : std::string("9743900000000134"))
        result.push_back(
            {static_cast<std::uint8_t>(c == '0' ? 0x27 : 0x1E + c - '1'), modifiers, {}});
    return result;
}

/// Keys of the layout test's tail ayz-/;"@#\ on each layout, written down from the keyboards'
/// pictures.
const std::map<std::string, std::vector<Stroke>> tails{
    {"us", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x2D, 0},
                    {0x38, 0},
                    {0x33, 0},
                    {0x34, shift},
                    {0x1F, shift},
                    {0x20, shift},
                    {0x31, 0}})},
    {"uk", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x2D, 0},
                    {0x38, 0},
                    {0x33, 0},
                    {0x1F, shift},
                    {0x34, shift},
                    {0x32, 0},
                    {0x64, 0}})},
    {"de", strokes({{0x04, 0},
                    {0x1D, 0},
                    {0x1C, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x14, altGr},
                    {0x32, 0},
                    {0x2D, altGr}})},
    {"fr", strokes({{0x14, 0},
                    {0x1C, 0},
                    {0x1A, 0},
                    {0x23, 0},
                    {0x37, shift},
                    {0x36, 0},
                    {0x20, 0},
                    {0x27, altGr},
                    {0x20, altGr},
                    {0x25, altGr}})},
    {"dk", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x1F, altGr},
                    {0x20, shift},
                    {0x64, altGr}})},
    {"no", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x1F, altGr},
                    {0x20, shift},
                    {0x2E, 0}})},
    {"se", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x1F, altGr},
                    {0x20, shift},
                    {0x2D, altGr}})},
    {"es", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x1F, altGr},
                    {0x20, altGr},
                    {0x35, altGr}})},
    {"it", strokes({{0x04, 0},
                    {0x1C, 0},
                    {0x1D, 0},
                    {0x38, 0},
                    {0x24, shift},
                    {0x36, shift},
                    {0x1F, shift},
                    {0x33, altGr},
                    {0x34, altGr},
                    {0x35, 0}})},
};

std::string textOn(const char* layout, std::initializer_list<std::pair<int, int>> keys) {
    return textOf(strokes(keys), *findLayout(layout));
}

} // namespace

BOOST_AUTO_TEST_SUITE(layout_tables)

BOOST_AUTO_TEST_CASE(all_promised_layouts_are_there) {
    for (const char* name : {"us", "uk", "de", "fr", "dk", "no", "se", "es", "it"})
        BOOST_TEST((findLayout(name) != nullptr), name);
    BOOST_TEST((findLayout("xx") == nullptr));
}

BOOST_AUTO_TEST_CASE(the_layout_test_code_finds_every_layout_with_digits_plain_or_shifted) {
    for (const auto& [name, tail] : tails)
        for (const std::uint8_t modifiers : {std::uint8_t{0}, shift}) {
            std::vector<Stroke> code = layoutTestDigits(modifiers);
            code.insert(code.end(), tail.begin(), tail.end());
            const auto result = readLayoutTest(code);
            BOOST_REQUIRE(result.has_value());
            BOOST_TEST(result->layout.value_or("none") == name);
        }
}

BOOST_AUTO_TEST_CASE(a_layout_test_that_fits_no_table_says_so) {
    std::vector<Stroke> code = layoutTestDigits(0);
    for (const Stroke& stroke : strokes({{0x05, 0}, {0x06, 0}}))
        code.push_back(stroke);
    const auto result = readLayoutTest(code);
    BOOST_REQUIRE(result.has_value());
    BOOST_TEST(!result->layout.has_value());
}

BOOST_AUTO_TEST_CASE(other_codes_are_no_layout_test) {
    BOOST_TEST(!readLayoutTest(layoutTestDigits(0)).has_value()); // without a tail it tells nothing
    BOOST_TEST(!readLayoutTest(strokes({{0x04, 0}})).has_value());
    std::vector<Stroke> undo = layoutTestDigits(0);
    undo[4].usage = 0x27;
    undo.push_back(Stroke{0x04, 0, {}});
    BOOST_TEST(!readLayoutTest(undo).has_value());
}

BOOST_AUTO_TEST_CASE(digit_keys_are_digits_on_every_layout) {
    for (const Layout& layout : layouts()) {
        BOOST_TEST(textOf(layoutTestDigits(0), layout) == "9743900000000134");
        BOOST_TEST(textOf(layoutTestDigits(shift), layout) == "9743900000000134");
        BOOST_TEST(textOf(layoutTestDigits(0x20), layout) == "9743900000000134"); // right Shift
        BOOST_TEST(textOf(strokes({{0x59, 0}, {0x61, 0}, {0x62, 0}}), layout) == "190"); // keypad
    }
}

BOOST_AUTO_TEST_CASE(mixed_shift_or_other_keys_go_by_the_layout) {
    BOOST_TEST(textOn("us", {{0x1E, 0}, {0x1F, shift}}) == "1@");
    BOOST_TEST(textOn("fr", {{0x1E, 0}, {0x1F, shift}}) == "&2");
    BOOST_TEST(textOn("fr", {{0x1E, shift}, {0x14, shift}}) == "1A");
    BOOST_TEST(textOn("de", {{0x04, 0}, {0x25, altGr}, {0x26, altGr}}) == "a[]");
}

BOOST_AUTO_TEST_CASE(letters_of_the_countries_are_utf_8) {
    BOOST_TEST(textOn("de", {{0x34, shift}, {0x33, 0}, {0x2F, 0}, {0x2D, 0}, {0x08, altGr}}) ==
               "Äöüß€");
    BOOST_TEST(textOn("dk", {{0x33, shift}, {0x34, 0}, {0x2F, 0}}) == "Æøå");
    BOOST_TEST(textOn("no", {{0x33, shift}, {0x34, 0}}) == "Øæ");
    BOOST_TEST(textOn("es", {{0x33, 0}, {0x31, 0}}) == "ñç");
    BOOST_TEST(textOn("it", {{0x34, 0}, {0x2F, shift}}) == "àé");
    BOOST_TEST(textOn("uk", {{0x04, 0}, {0x20, shift}}) == "a£");
}

BOOST_AUTO_TEST_CASE(dead_keys_wait_for_their_letter) {
    BOOST_TEST(textOn("fr", {{0x2F, 0}, {0x08, 0}}) == "ê");
    BOOST_TEST(textOn("de", {{0x2E, 0}, {0x08, 0}}) == "é");
    BOOST_TEST(textOn("de", {{0x2E, shift}, {0x2C, 0}}) == "`"); // accent and space
    BOOST_TEST(textOn("se", {{0x30, 0}, {0x18, 0}}) == "ü");
    BOOST_TEST(textOn("de", {{0x2E, 0}, {0x15, 0}}) == "´r"); // no such letter
    BOOST_TEST(textOn("de", {{0x05, 0}, {0x35, 0}}) == "b^"); // nothing follows
}

BOOST_AUTO_TEST_CASE(alt_gr_may_come_as_ctrl_and_alt) {
    BOOST_TEST(textOn("de", {{0x14, 0x05}, {0x04, 0}}) == "@a");
}

BOOST_AUTO_TEST_CASE(every_printable_ascii_character_can_be_typed_on_every_layout) {
    for (const Layout& layout : layouts())
        for (char c = '!'; c <= '~'; ++c) {
            bool found = false;
            for (int usage = 0x04; usage <= 0x64 && !found; ++usage)
                for (const std::uint8_t modifiers : {std::uint8_t{0}, shift, altGr})
                    found =
                        found ||
                        textOf(std::vector{Stroke{0, 0, U'x'},
                                           Stroke{static_cast<std::uint8_t>(usage), modifiers, {}}},
                               layout) == std::string("x") + c;
            // Italian keyboards have neither braces nor back-tick nor tilde.
            const bool missing =
                layout.name == "it" && std::string_view("`{}~").find(c) != std::string_view::npos;
            BOOST_TEST(found != missing, layout.name << " " << c);
        }
}

BOOST_AUTO_TEST_SUITE_END()
