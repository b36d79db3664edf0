// Bytes of a serial line in pieces of any size: codes have 1-4,096 bytes and hold no end byte.
#include "drivers/scanner_common/aim.hpp"
#include "drivers/serial_scanner/serial_framer.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace gatefold;
using namespace gatefold::drivers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    SerialFramer framer;
    MonoTime now{};
    const auto check = [](std::string_view code) {
        if (code.empty() || code.size() > maxCodeBytes ||
            code.find_first_of("\r\n\t\x03") != code.npos)
            std::abort();
        const AimSplit split = splitAim(code);
        if (split.text.empty() || !code.ends_with(split.text))
            std::abort();
    };
    while (!rest.empty()) {
        const auto control = static_cast<std::uint8_t>(rest[0]);
        const std::string_view piece = rest.substr(1, control);
        for (const std::string& code : framer.take(piece, now))
            check(code);
        now += Millis(control % 16 == 0 ? 700 : 2);
        if (const auto code = framer.idle(now))
            check(*code);
        rest.remove_prefix(1 + piece.size());
    }
    return 0;
}
