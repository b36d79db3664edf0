#pragma once

#include "catalogue/raw_release.hpp"
#include "core/release.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace gatefold::catalogue {

/// A date as far as it is known: "1999-03-00" -> 1999, "1999-03".
struct KnownDate {
    int year = 0;
    std::string text;
};
std::optional<KnownDate> knownDate(std::string_view released);

/// Artists as printed: name variations where they are known, with the join phrases between them.
std::string artistLine(const RawRelease& release);

/// A release's record is cut in two: facts (what a list of candidates shows and ranks by) and
/// details (identifiers, tracklist, genres, styles), so that a look-up never unpacks tracklists.
void putFacts(std::string& out, const RawRelease& release);
void putDetails(std::string& out, const RawRelease& release);

/// The facts of one release, as a release without details, and how much is known of it (0-8).
struct Facts {
    Release release;
    int completeness = 0;
};
/// The facts of release `id` from an unpacked block; nothing when it is not there. Throws Error
/// `unavailable` for a damaged block.
std::optional<Facts> factsOf(std::string_view block, ReleaseId id);
/// Adds the details of `release.release_id` from an unpacked block; false when it does not hold
/// them.
bool addDetails(std::string_view block, Release& release);

/// Packs blocks (raw deflate behind their length). One thread.
class BlockPacker {
public:
    BlockPacker();
    ~BlockPacker();
    BlockPacker(const BlockPacker&) = delete;
    BlockPacker& operator=(const BlockPacker&) = delete;
    std::string pack(std::string_view block);

private:
    libdeflate_compressor* compressor_;
};

/// Throws Error `unavailable` for a damaged block.
std::string unpacked(std::string_view packed);

} // namespace gatefold::catalogue
