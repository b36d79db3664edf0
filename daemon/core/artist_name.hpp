#pragma once

#include <string>
#include <string_view>

namespace gatefold {

/// A line of artists as people read it: without the number by which Discogs tells equal names apart
/// ("Nirvana (2) & Chicago (14)" is "Nirvana & Chicago").
std::string shownArtist(std::string_view line);

} // namespace gatefold
