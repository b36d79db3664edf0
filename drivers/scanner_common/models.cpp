#include "drivers/scanner_common/models.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace gatefold::drivers {

namespace {

using Kind = ModelQuirk::Kind;

constexpr std::string_view snapiAdvice = "it speaks Zebra's SNAPI; scan the programming code for "
                                         "HID-POS, USB keyboard or USB CDC from its manual";
constexpr std::string_view oemAdvice = "it speaks the IBM OEM protocol; scan the programming code "
                                       "for HID-POS, USB keyboard or USB COM from its manual";

// Vendor and product numbers as in usb.ids; a scanner's product number changes with the mode it is
// switched to.
constexpr std::array quirks{
    ModelQuirk{0x05e0, 0x0600, Kind::lengthPrefixed, "Zebra"},
    ModelQuirk{0x05e0, 0x1900, Kind::foreignProtocol, "Zebra", snapiAdvice},
    ModelQuirk{0x05f9, 0x1206, Kind::foreignProtocol, "Datalogic", oemAdvice},
    ModelQuirk{0x0c2e, {}, Kind::scannerMaker, "Honeywell", {}, true},
    ModelQuirk{0x0536, {}, Kind::scannerMaker, "Hand Held Products", {}, true},
    ModelQuirk{0x05e0, {}, Kind::scannerMaker, "Zebra"},
    ModelQuirk{0x05f9, {}, Kind::scannerMaker, "Datalogic"},
    ModelQuirk{0x080c, {}, Kind::scannerMaker, "Datalogic"},
    ModelQuirk{0x1eab, {}, Kind::scannerMaker, "Newland"},
    ModelQuirk{0x067e, {}, Kind::scannerMaker, "Intermec"},
    ModelQuirk{0x1fbb, {}, Kind::scannerMaker, "Cino"},
    ModelQuirk{0x0581, 0x0107, Kind::scannerMaker, "Tera"},
    ModelQuirk{0x0581, 0x020c, Kind::scannerMaker, "Tera"},
    ModelQuirk{0x046d, {}, Kind::keyboardMaker, "Logitech"},
    ModelQuirk{0x045e, {}, Kind::keyboardMaker, "Microsoft"},
    ModelQuirk{0x413c, {}, Kind::keyboardMaker, "Dell"},
    ModelQuirk{0x05ac, {}, Kind::keyboardMaker, "Apple"},
    ModelQuirk{0x17ef, {}, Kind::keyboardMaker, "Lenovo"},
    ModelQuirk{0x046a, {}, Kind::keyboardMaker, "Cherry"},
    ModelQuirk{0x04f2, {}, Kind::keyboardMaker, "Chicony"},
    ModelQuirk{0x03f0, {}, Kind::keyboardMaker, "HP"},
    ModelQuirk{0x1532, {}, Kind::keyboardMaker, "Razer"},
    ModelQuirk{0x1b1c, {}, Kind::keyboardMaker, "Corsair"},
    ModelQuirk{0x3434, {}, Kind::keyboardMaker, "Keychron"},
    ModelQuirk{0x04ca, {}, Kind::keyboardMaker, "Lite-On"},
};

constexpr std::array<std::string_view, 6> scannerWords{"scanner",  "barcode", "bar code",
                                                       "bar-code", "imager",  "code reader"};

} // namespace

const ModelQuirk* findQuirk(std::uint16_t vendor, std::uint16_t product) {
    // Rows with a product stand first.
    const auto row = std::find_if(quirks.begin(), quirks.end(), [&](const ModelQuirk& quirk) {
        return quirk.vendor == vendor && quirk.product.value_or(product) == product;
    });
    return row == quirks.end() ? nullptr : &*row;
}

bool namesScanner(std::string_view text) {
    std::string words = asciiLower(text);
    // udev writes blanks of descriptors as underscores.
    std::replace(words.begin(), words.end(), '_', ' ');
    return std::any_of(scannerWords.begin(), scannerWords.end(), [&](std::string_view word) {
        return words.find(word) != std::string::npos;
    });
}

} // namespace gatefold::drivers
