#pragma once

#include "core/typed_query.hpp"
#include "ports/release_lookup.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gatefold {

/// What somebody asks the catalogue: `q`, as what it is meant has to be found out, or one or more
/// of the others.
struct CatalogueQuestion {
    std::string q, barcode, catno, runout, text;
    std::string country; ///< Discogs' name or two-letter code
    std::optional<int> year;
    std::size_t limit = 20;
};

struct CatalogueAnswer {
    std::string query;
    std::optional<ReadAs> read_as; ///< none: nothing to look for was typed
    std::vector<ReadAs> also;      ///< other readings of `q` that would find something, too
    std::optional<std::string> gtin;
    std::vector<Candidate> releases;
    static constexpr auto fields = fieldList(
        field("query", &CatalogueAnswer::query),
        field("read_as", &CatalogueAnswer::read_as, "as what the query was looked up"),
        field("also", &CatalogueAnswer::also, "other readings of q that find something, too"),
        field("gtin", &CatalogueAnswer::gtin, "14 digits, when the query is a barcode"),
        field("releases", &CatalogueAnswer::releases, "best first"));
};

/// Looks up what is asked for. Of the readings of `q` the first one with exact hits answers, else
/// the first one with weak ones. Candidates carry runouts and the number of tracks. Throws Error
/// `invalid` when nothing is asked for, `q` is mixed with other keys, or a text is longer than 512
/// bytes; `unavailable` as the look-up does.
CatalogueAnswer askCatalogue(const ReleaseLookup& lookup, const CatalogueQuestion& question,
                             const RankBy& rank);

} // namespace gatefold
