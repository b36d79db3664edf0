// What the other process may send: cutting it into messages never crashes, and what was read is the
// same after writing it again.
#include "drivers/vision_link/protocol.hpp"

#include <cstdlib>

using namespace gatefold::vision_link;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FrameReader reader(maxReplyBytes);
    reader.feed({reinterpret_cast<const char*>(data), size});
    try {
        while (const auto message = reader.next()) {
            FrameReader again(maxReplyBytes);
            again.feed(encode(*message));
            if (again.next() != message)
                std::abort();
        }
    } catch (const WireError&) {
        // refused, as it should be
    }
    return 0;
}
