// Blocks and pages of a damaged catalogue file: read or refused, never beyond their end.
#include "catalogue/key_pages.hpp"
#include "catalogue/records.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatefold;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto tolerant = [](auto run) {
        try {
            run();
        } catch (const Error&) {
            // refused
        }
    };
    tolerant(
        [&] { catalogue::readKeyPage(bytes, [](std::string_view, const auto&) { return true; }); });
    tolerant([&] { catalogue::factsOf(bytes, 1); });
    tolerant([&] {
        Release release;
        release.release_id = 1;
        catalogue::addDetails(bytes, release);
    });
    tolerant([&] { catalogue::masterOf(bytes, 1); });
    tolerant([&] { catalogue::firstOnKeyPage(bytes); });
    tolerant([&] { catalogue::unpacked(bytes); });
    return 0;
}
