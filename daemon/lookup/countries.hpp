#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatefold::lookup {

/// The name that Discogs and the offline catalogue use for a country that MusicBrainz names by its
/// ISO 3166-1 code ("GB" -> "UK", "XE" -> "Europe"); a code that is not in the table stays as it
/// is, an empty one is nothing.
std::optional<std::string> countryName(std::string_view code);

} // namespace gatefold::lookup
