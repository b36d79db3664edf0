// What anybody on the broker may send as a command: it is read or refused, and never throws past
// the reader's own error.
#include "core/error.hpp"
#include "mqtt/documents.hpp"
#include "json/read.hpp"

#include <cstdint>
#include <string_view>

using namespace gatefold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        json::read<mqtt::CommandBody>(
            json::parse(std::string_view(reinterpret_cast<const char*>(data), size)));
    } catch (const Error&) {
        // refused, as it should be
    }
    return 0;
}
