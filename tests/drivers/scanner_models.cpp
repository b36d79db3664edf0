#include "tests/drivers/scanner_models.hpp"

#include "drivers/hid_scanner/layouts.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gatefold::test {

namespace {

struct Key {
    std::uint8_t usage, modifiers;
};

/// The key of an ASCII character on the us layout.
std::optional<Key> usKey(char c) {
    constexpr std::string_view plain = "1234567890\r\x1b\b\t -=[]\\#;'`,./";
    constexpr std::string_view shifted = "!@#$%^&*()    _+{}|~:\"~<>?";
    constexpr std::uint8_t firstPlain = 0x1E, shift = 0x02;
    if (c >= 'a' && c <= 'z')
        return Key{static_cast<std::uint8_t>(0x04 + c - 'a'), 0};
    if (c >= 'A' && c <= 'Z')
        return Key{static_cast<std::uint8_t>(0x04 + c - 'A'), shift};
    if (const auto at = shifted.find(c); at != std::string_view::npos && c != ' ')
        return Key{static_cast<std::uint8_t>(firstPlain + at), shift};
    if (const auto at = plain.find(c); at != std::string_view::npos)
        return Key{static_cast<std::uint8_t>(firstPlain + at), 0};
    return std::nullopt;
}

/// The key whose text on `layout` is `character`, by trying all of them.
std::optional<Key> keyOn(const drivers::Layout& layout, const std::string& character) {
    constexpr std::array<std::uint8_t, 3> levels{0x00, 0x02, 0x40};
    for (const std::uint8_t modifiers : levels)
        for (int usage = 0x04; usage <= 0x64; ++usage) {
            // A letter before it keeps the digits rule out.
            const std::array strokes{
                drivers::Stroke{0, 0, U'x'},
                drivers::Stroke{static_cast<std::uint8_t>(usage), modifiers, {}}};
            if (drivers::textOf(strokes, layout) == "x" + character)
                return Key{static_cast<std::uint8_t>(usage), modifiers};
        }
    return std::nullopt;
}

void press(std::vector<EmulatedReport>& reports, Key key, bool ends) {
    reports.push_back({{key.modifiers, 0, key.usage, 0, 0, 0, 0, 0}, 0, ends});
    reports.push_back({{0, 0, 0, 0, 0, 0, 0, 0}, 0, false});
}

/// The characters of UTF-8 text.
std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> result;
    for (const char c : text) {
        if ((c & 0xC0) == 0x80 && !result.empty())
            result.back() += c;
        else
            result.emplace_back(1, c);
    }
    return result;
}

} // namespace

Bytes keyboardDescriptor() {
    return {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15,
            0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08,
            0x81, 0x01, 0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01, 0x29, 0x05, 0x91,
            0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00,
            0x26, 0xFF, 0x00, 0x05, 0x07, 0x19, 0x00, 0x2A, 0xFF, 0x00, 0x81, 0x00, 0xC0};
}

Bytes keyboardDescriptorWithReportId() {
    return {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x85, 0x01, 0x05, 0x07, 0x19, 0xE0,
            0x29, 0xE7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02,
            0x75, 0x08, 0x95, 0x01, 0x81, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00,
            0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0};
}

Bytes mediaKeysDescriptor() {
    return {0x05, 0x0C, 0x09, 0x01, 0xA1, 0x01, 0x85, 0x03, 0x15, 0x00, 0x26, 0x3C, 0x02,
            0x19, 0x00, 0x2A, 0x3C, 0x02, 0x75, 0x10, 0x95, 0x01, 0x81, 0x00, 0xC0};
}

Bytes hidPosDescriptor() {
    return {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x12, 0xA1, 0x02, 0x85, 0x02, 0x15,
            0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81,
            0x02, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81, 0x02,
            0x09, 0xFE, 0x95, 0x38, 0x82, 0x02, 0x01, 0x06, 0x66, 0xFF, 0x09, 0x04, 0x09,
            0x00, 0x95, 0x02, 0x81, 0x02, 0x05, 0x8C, 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01,
            0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xC0, 0xC0};
}

Bytes hidPosDescriptorWithoutLength() {
    return {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x12, 0xA1, 0x02, 0x85, 0x02, 0x15,
            0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95,
            0x03, 0x81, 0x02, 0x09, 0xFE, 0x95, 0x3C, 0x82, 0x02, 0x01, 0xC0, 0xC0};
}

Bytes honeywellDescriptor() {
    Bytes bytes = hidPosDescriptor();
    const Bytes feature{0x06, 0x66, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x85, 0xFE,
                        0x09, 0x02, 0x75, 0x08, 0x95, 0x01, 0xB1, 0x02, 0xC0};
    bytes.insert(bytes.end(), feature.begin(), feature.end());
    return bytes;
}

EmulatedUsbSpec keyboardScanner(std::string product) {
    EmulatedUsbSpec spec;
    spec.maker = "Emulated";
    spec.product = std::move(product);
    spec.serial = "0001";
    EmulatedInterface interface;
    interface.subclass = 1;
    interface.protocol = 1;
    interface.report_descriptor = keyboardDescriptor();
    interface.packet_size = 8;
    spec.interfaces = {interface};
    return spec;
}

EmulatedUsbSpec hidPosScanner(std::string product) {
    EmulatedUsbSpec spec;
    spec.product_id = 0x0002;
    spec.maker = "Emulated";
    spec.product = std::move(product);
    EmulatedInterface interface;
    interface.report_descriptor = hidPosDescriptor();
    spec.interfaces = {interface};
    return spec;
}

EmulatedUsbSpec peoplesKeyboard() {
    EmulatedUsbSpec spec = keyboardScanner("USB Keyboard");
    EmulatedInterface media;
    media.report_descriptor = mediaKeysDescriptor();
    media.packet_size = 8;
    spec.interfaces.push_back(media);
    return spec;
}

std::vector<EmulatedReport> keyReports(std::string_view text) {
    std::vector<EmulatedReport> reports;
    for (const char c : text)
        if (const auto key = usKey(c))
            press(reports, *key, c == '\r' || c == '\t');
    return reports;
}

std::vector<EmulatedReport> keyReportsOn(std::string_view layout, std::string_view text) {
    std::vector<EmulatedReport> reports;
    const drivers::Layout* table = drivers::findLayout(layout);
    for (const std::string& character : characters(text)) {
        const bool ends = character == "\r" || character == "\t";
        const auto key = ends || table == nullptr ? usKey(character[0]) : keyOn(*table, character);
        if (key)
            press(reports, *key, ends);
    }
    return reports;
}

std::vector<EmulatedReport> hidPosReports(std::string_view aim, std::string_view data) {
    constexpr std::size_t dataOffset = 5, dataSize = 56, continuedOffset = 63;
    std::vector<EmulatedReport> reports;
    do {
        const std::string_view part = data.substr(0, dataSize);
        data.remove_prefix(part.size());
        Bytes report(64);
        report[0] = 2;
        report[1] = static_cast<std::uint8_t>(part.size());
        std::copy_n(aim.begin(), std::min<std::size_t>(aim.size(), 3), report.begin() + 2);
        std::copy(part.begin(), part.end(), report.begin() + dataOffset);
        report[continuedOffset] = data.empty() ? 0 : 1;
        reports.push_back({std::move(report), 0, data.empty()});
    } while (!data.empty());
    return reports;
}

} // namespace gatefold::test
