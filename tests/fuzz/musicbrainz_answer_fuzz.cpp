// Foreign answers in the form of MusicBrainz': reading never crashes, what was read is bounded and
// can be written as a document, and ids are ids.
#include "core/error.hpp"
#include "lookup/musicbrainz_answers.hpp"
#include "round_trip.hpp"

#include <cstdint>
#include <cstdlib>

using namespace gatefold;
using namespace gatefold::lookup;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    fuzz::survives([&] { return musicbrainz::releases(body); });
    fuzz::survives([&] { return musicbrainz::release(body); });
    fuzz::survives([&] { return musicbrainz::releaseGroup(body); });
    try {
        const auto id = musicbrainz::linked(body, "release");
        if (id && !musicbrainz::isMbid(*id))
            std::abort();
    } catch (const Error&) {
        // refused, as it should be
    }
    return 0;
}
