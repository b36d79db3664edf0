// What a store of dumps says about its files, of any bytes: years of four digits, days of eight,
// sums of 64.
#include "catalogue/dump_listing.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatefold::catalogue;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const std::string& year : yearsIn(text))
        if (year.size() != 4)
            std::abort();
    if (const auto day = newestDumpIn(text); day && day->size() != 8)
        std::abort();
    if (const auto sum = checksumOf("discogs_20260801_releases.xml.gz", text);
        sum && sum->size() != 64)
        std::abort();
    if (const auto date = dumpDate(text); date && date->size() != 10)
        std::abort();
    return 0;
}
