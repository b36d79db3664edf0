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

/// Title and year of an album, which groups releases. Year 0 = not known.
struct Master {
    std::uint32_t id = 0;
    std::uint32_t mainRelease = 0; ///< 0 = not known
    std::string title;
    int year = 0;
};
/// Title and year; the main release is marked at the release.
void putMaster(std::string& out, const Master& master);
/// Master `id` from an unpacked block; nothing when it is not there.
std::optional<Master> masterOf(std::string_view block, std::uint32_t id);

/// Puts title and year of the album into a release or candidate.
template <class Document>
void setAlbum(Document& document, const Master& master) {
    document.master_title = master.title;
    if (master.year != 0)
        document.master_year = master.year;
}

/// Packs blocks (raw deflate behind their length). One thread.
class BlockPacker {
public:
    /// `level` 1 to 12: how much time may be spent on saving bytes.
    explicit BlockPacker(int level);
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
