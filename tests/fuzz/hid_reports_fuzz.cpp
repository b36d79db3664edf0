// What a scanner may send: reports of any bytes, cut by a length byte, to a keyboard, a keyboard
// with report ids and a HID-POS reader. Codes stay within their bound; text of keys is UTF-8.
#include "core/text.hpp"
#include "drivers/hid_scanner/report_reader.hpp"
#include "drivers/scanner_common/aim.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

using namespace gatefold;
using namespace gatefold::drivers;

namespace {

constexpr std::uint8_t keyboard[]{
    0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00, 0x25,
    0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x06,
    0x75, 0x08, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x19, 0x00, 0x2A, 0xFF, 0x00, 0x81, 0x00, 0xC0};
constexpr std::uint8_t hidPos[]{
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09,
    0x3B, 0x81, 0x02, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81, 0x02,
    0x09, 0xFE, 0x95, 0x08, 0x81, 0x02, 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02, 0xC0};

ReportDescriptor described(std::span<const std::uint8_t> bytes) {
    const auto descriptor = parseReportDescriptor(bytes);
    if (!descriptor)
        std::abort();
    return *descriptor;
}

void check(const Findings& findings, bool keys) {
    for (const Finding& finding : findings)
        if (const auto* code = std::get_if<TextCode>(&finding))
            if (code->bytes.empty() || code->bytes.size() > maxCodeBytes ||
                (keys && !isUtf8(code->bytes)))
                std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    constexpr std::array names{"us", "uk", "de", "fr", "dk", "no", "se", "es", "it", "??"};
    const bool keys = (data[0] & 1) == 0;
    const char* layout = names[data[1] % names.size()];
    const auto reader =
        makeReportReader(keys ? Protocol::keyboard : Protocol::hidPos,
                         keys ? described(keyboard) : described(hidPos),
                         {[layout] { return layout; }, (data[0] & 2) != 0, (data[0] & 4) != 0, 8});
    std::span<const std::uint8_t> rest(data + 2, size - 2);
    MonoTime now{};
    while (!rest.empty()) {
        const std::size_t length = std::min<std::size_t>(rest[0] % 70, rest.size() - 1);
        const bool pause = rest[0] >= 210;
        Findings findings;
        reader->read(rest.subspan(1, length), now, findings);
        now += Millis(pause ? 700 : 3);
        if (pause)
            reader->idle(now, findings);
        check(findings, keys);
        rest = rest.subspan(1 + length);
    }
    return 0;
}
