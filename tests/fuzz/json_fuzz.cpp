// Foreign JSON: reading never crashes, and what was read is the same after writing and reading
// again.
#include "core/error.hpp"
#include "core/release.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdint>
#include <cstdlib>

using namespace gatefold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const json::Value value = json::parse({reinterpret_cast<const char*>(data), size});
        const std::string text = json::write(value);
        if (json::write(json::parse(text)) != text)
            std::abort();
        const Release release = json::read<Release>(value);
        if (!(json::read<Release>(json::parse(json::write(release))) == release))
            std::abort();
    } catch (const Error&) {
        // refused, as it should be
    }
    return 0;
}
