#pragma once

#include "core/release.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

struct SideTrack {
    std::string position; ///< "B3"
    std::string title;
    double start_s = 0; ///< from the side's start
    double duration_s = 0;
};

/// One side of a record, in playing order.
struct Side {
    std::string name; ///< "A", "B", "AA", "C"
    std::vector<SideTrack> tracks;
    double duration_s = 0;
    bool estimated = false; ///< some duration is an average, not printed
};

/// Seconds of "4:45" or "1:02:03"; nothing for anything else or more than a day.
std::optional<int> parseDuration(std::string_view text);

/// The sides that a tracklist's positions name: A1/B2, A/B, AA (the flip side of a double-A
/// single), 1-1 (disc-track: halves of a disc are not known, so each disc counts as one side named
/// by its number), plain numbers (split in two sides by running time). Headings and index tracks
/// carry no time of their own. A track without duration counts as the average of the known ones,
/// else 4 min; a release without positions gets sides from its formats (two each disc) of 20 min.
/// Never empty.
std::vector<Side> sidesOf(const Release& release);

/// Index of the track that plays at `position_s` (the last one past the end). Sides without tracks:
/// nothing.
std::optional<std::size_t> trackAt(const Side& side, double position_s);

} // namespace gatefold
