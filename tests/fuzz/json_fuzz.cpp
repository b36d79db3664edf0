// Foreign JSON: reading never crashes, and what was read is the same after writing and reading
// again.
#include "core/release.hpp"
#include "round_trip.hpp"

#include <cstdint>

using namespace gatefold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const json::Value value = json::parse({reinterpret_cast<const char*>(data), size});
        const std::string text = json::write(value);
        if (json::write(fuzz::readBack(text)) != text)
            std::abort();
        fuzz::checkRoundTrip(json::read<Release>(value));
    } catch (const Error&) {
        // refused, as it should be
    }
    return 0;
}
