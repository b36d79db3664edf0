#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// A size in which every cover is kept: its longer edge, and the bytes its JPEG may have.
struct KeptSize {
    int edge_px = 0;
    std::size_t most_bytes = 0;
};

/// A list's thumbnail; a card, and the picture for MQTT (at most 100 KiB there); a record's page.
/// A picture that is smaller keeps its own size.
inline constexpr std::array<KeptSize, 3> coverSizes{{{160, std::size_t{30} * 1024},
                                                     {480, std::size_t{100} * 1024},
                                                     {1000, std::size_t{600} * 1024}}};
/// The size that `cover_url` names.
inline constexpr int shownCoverEdge_px = 480;

/// The file name of a cover in one size, without its folder: what /covers/ serves.
inline std::string coverFileName(std::string_view hash, int edge_px) {
    return std::string(hash) + '-' + std::to_string(edge_px) + ".jpg";
}

/// True for what `coverFileName` makes: small letters, digits and dashes before ".jpg".
inline bool isCoverFileName(std::string_view name) {
    constexpr std::string_view ending = ".jpg";
    return name.size() > ending.size() && name.size() <= 100 && name.ends_with(ending) &&
           name.substr(0, name.size() - ending.size())
                   .find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
}

/// Path of the cover on this box's web server: `cover_url`. Another size is the same with another
/// number.
inline std::string coverPath(std::string_view hash) {
    return "/covers/" + coverFileName(hash, shownCoverEdge_px);
}

/// Makes small JPEG files of an image that a stranger made (JPEG or PNG). Any thread, may take
/// seconds.
class ImageShrinker {
public:
    virtual ~ImageShrinker() = default;
    /// One JPEG for each of `sizes`, upright, without the notes that a camera writes into its
    /// files. Throws Error `malformed` (no JPEG or PNG), `tooLarge` (> 25 MB or > 50 megapixels),
    /// `unavailable` (the image reader died or is busy: try again).
    virtual std::vector<std::string> shrink(std::span<const unsigned char> image,
                                            std::span<const KeptSize> sizes) = 0;
};

/// The files of all covers. Any thread.
class CoverFiles {
public:
    virtual ~CoverFiles() = default;
    /// Writes one file for each of `coverSizes`, each whole or not at all; `jpegs` are in that
    /// order. Throws `diskFull`, `fileAccess`.
    virtual void keep(std::string_view hash, const std::vector<std::string>& jpegs) = 0;
    /// The bytes of a file, nothing when it is not there. Throws `fileAccess`, `diskFull`.
    virtual std::string read(std::string_view hash, int edge_px) const = 0;
    /// Deletes the files of all other covers that have lain here for longer than `age`: one that
    /// was written a moment ago may not be in use yet. Returns files deleted.
    virtual int removeOthers(const std::set<std::string>& used, std::chrono::seconds age) = 0;
};

} // namespace gatefold
