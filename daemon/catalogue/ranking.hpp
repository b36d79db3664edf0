#pragma once

#include "catalogue/records.hpp"
#include "ports/release_lookup.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// A found release with what it is ranked by.
struct Hit {
    Facts facts;
    MatchKind match = MatchKind::exact;
    int distance = 0; ///< how far it is from what was asked, 0 = just that
    std::string why;
    bool owned = false;
};

/// Whether a release was pressed for this country (Discogs' name or a two-letter code), alone or
/// with others ("UK & Europe").
bool pressedFor(const Release& release, std::string_view country);

/// The hits as candidates, best first: exact before weak, near before far, then owned, the
/// household's country, vinyl, main release, completeness, year, release id. At most `limit`.
/// Always the same order for the same hits.
std::vector<Candidate> ranked(std::vector<Hit> hits, const RankBy& rank, std::size_t limit);

} // namespace gatefold::catalogue
