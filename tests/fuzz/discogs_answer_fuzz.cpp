// Foreign answers in the form of Discogs' or the Cover Art Archive's: reading never crashes, and
// what was read is bounded and can be written as a document.
#include "core/error.hpp"
#include "lookup/cover_answers.hpp"
#include "lookup/discogs_answers.hpp"
#include "round_trip.hpp"

#include <cstdint>

using namespace gatefold;
using namespace gatefold::lookup;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    fuzz::survives([&] { return discogs::searchResults(body); });
    fuzz::survives([&] { return discogs::release(body); });
    fuzz::survives([&] { return discogs::master(body); });
    fuzz::survives([&] { return discogs::versions(body); });
    fuzz::survives([&] { return coverart::frontPath(body, CoverSize::medium); });
    coverart::imageType(body);
    return 0;
}
