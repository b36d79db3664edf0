#pragma once

#include "catalogue/index_reader.hpp"
#include "catalogue/ranking.hpp"
#include "core/gtin.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Releases looked at in one search; a code shared by more is cut off at the lowest ids.
inline constexpr std::size_t maxHits = 400;
/// Releases whose facts are read for one step of a search, where most do not pass.
inline constexpr std::size_t maxLookedAt = 2000;

/// What else a release has to fit; empty: nothing.
using Keep = std::function<bool(const Release& facts)>;

std::vector<Hit> findByGtin(IndexReader& index, const GtinKeys& keys, const Keep& keep = {});
std::vector<Hit> findByCatno(IndexReader& index, std::string_view catno, const Keep& keep = {});
std::vector<Hit> findByRunout(IndexReader& index, std::string_view runout, const Keep& keep = {});
std::vector<Hit> findByText(IndexReader& index, std::string_view text, const Keep& keep = {});
/// By the most telling key of the query (barcode, catalogue number, runout, text); the others are
/// held against each hit.
std::vector<Hit> findByAll(IndexReader& index, const LookupQuery& query);

/// Hits for these releases that are kept, each once, in the order given.
std::vector<Hit> hitsOf(IndexReader& index, const std::vector<std::uint32_t>& releases,
                        MatchKind match, int distance, const std::string& why, const Keep& keep);

/// Whether artist, title and labels of the release have all words of `text`, perhaps with a typo a
/// word or the last one unfinished.
bool hasWords(IndexReader& index, const Release& release, std::string_view text);

/// Whether `word` becomes `wanted`, or its beginning when `prefix`, by at most one letter of any
/// script changed, added, lost or swapped with its neighbour.
bool withinOneTypo(std::string_view word, std::string_view wanted, bool prefix = false);

} // namespace gatefold::catalogue
