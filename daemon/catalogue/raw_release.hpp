#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

struct RawArtist {
    std::string_view name, variation, join;
};
struct RawLabel {
    std::string_view name, catno;
};
struct RawFormat {
    std::string_view name, quantity, text;
    std::size_t firstDescription = 0, descriptions = 0; ///< in RawRelease::descriptions
};
struct RawIdentifier {
    std::string_view type, description, value;
};
struct RawTrack {
    std::string_view position, title, duration;
};

/// One release as the dump writes it: decoded and trimmed views into the dump's bytes, valid while
/// these are. One object is used for release after release, so that its lists keep their memory.
struct RawRelease {
    std::uint32_t id = 0;
    std::uint32_t masterId = 0; ///< 0 = none
    bool mainRelease = false;
    std::string_view title, country, released;
    std::vector<RawArtist> artists;
    std::vector<RawLabel> labels;
    std::vector<RawFormat> formats;
    std::vector<std::string_view> descriptions;
    std::vector<RawIdentifier> identifiers;
    std::vector<RawTrack> tracks;
    std::vector<std::string_view> genres, styles;

    void clear();
    /// Vinyl or shellac is among its formats.
    bool playsOnATurntable() const;
};

} // namespace gatefold::catalogue
