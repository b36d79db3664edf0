// Foreign answers in the form of Discogs' or the Cover Art Archive's: reading never crashes, and
// what was read is bounded and can be written as a document.
#include "core/error.hpp"
#include "lookup/cover_answers.hpp"
#include "lookup/discogs_answers.hpp"
#include "round_trip.hpp"

#include <cstdint>
#include <cstdlib>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

template <class Read>
void survives(Read read) {
    try {
        fuzz::checkRoundTrip(read());
    } catch (const Error&) {
        // refused, as it should be
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    survives([&] { return discogs::searchResults(body); });
    survives([&] { return discogs::release(body); });
    survives([&] { return discogs::master(body); });
    survives([&] { return discogs::versions(body); });
    survives([&] { return coverart::frontPath(body, CoverSize::medium); });
    coverart::imageType(body);
    return 0;
}
