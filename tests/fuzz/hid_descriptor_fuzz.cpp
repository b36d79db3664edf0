// What a USB device may say of itself: any report descriptor is read or refused, and the formats
// taken from it stay within their report.
#include "drivers/hid_scanner/hid_pos_report.hpp"
#include "drivers/hid_scanner/keyboard_report.hpp"
#include "drivers/hid_scanner/recognition.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

using namespace gatefold::drivers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto descriptor = parseReportDescriptor({data, size});
    if (!descriptor)
        return 0;
    const std::size_t longest = descriptor->longestInputReport();
    if (longest > 4096)
        std::abort();
    for (const HidPosFormat& format : hidPosFormats(*descriptor))
        if (format.data + format.data_size > longest)
            std::abort();
    for (const KeyboardFormat& format : keyboardFormats(*descriptor))
        if (format.length > longest)
            std::abort();
    DeviceFacts facts;
    facts.interfaces.push_back({0, 3, 1, 1, descriptor});
    recognise(facts);
    return 0;
}
