#pragma once

#include "catalogue/index_reader.hpp"
#include "catalogue/ranking.hpp"
#include "core/gtin.hpp"

#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Releases looked at in one search; a code shared by more is cut off at the lowest ids.
inline constexpr std::size_t maxHits = 400;

std::vector<Hit> findByGtin(IndexReader& index, const GtinKeys& keys);
std::vector<Hit> findByCatno(IndexReader& index, std::string_view catno);
std::vector<Hit> findByRunout(IndexReader& index, std::string_view runout);
std::vector<Hit> findByText(IndexReader& index, std::string_view text);

/// Hits for these releases, each once, in the order given.
std::vector<Hit> hitsOf(IndexReader& index, const std::vector<std::uint32_t>& releases,
                        MatchKind match, int distance, const std::string& why);

/// Whether `word` becomes `wanted`, or its beginning when `prefix`, by at most one letter changed,
/// added, lost or swapped with its neighbour.
bool withinOneTypo(std::string_view word, std::string_view wanted, bool prefix = false);

} // namespace gatefold::catalogue
