#pragma once

#include "core/gtin.hpp"
#include "ports/online_source.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What is printed on a record, compared with what a source found: the same for all sources.
namespace gatefold::lookup {

/// The words to ask for: one line of at most 200 characters. Throws OnlineError `invalid` when
/// nothing is left or it is not UTF-8.
std::string askable(std::string_view words);

/// Adds the rows that are not there yet; the same Discogs number or MusicBrainz id is the same row.
void mergeRows(std::vector<OnlineCandidate>& rows, std::vector<OnlineCandidate> more);

/// Rows that hold the code become exact and go first, all others weak. How many hold it.
std::size_t markBarcodeHits(std::vector<OnlineCandidate>& rows, Gtin gtin);
/// The same for a catalogue number, compared without blanks, separators and case.
std::size_t markCatnoHits(std::vector<OnlineCandidate>& rows, std::string_view catno);

std::vector<OnlineCandidate> firstOf(std::vector<OnlineCandidate> rows, std::size_t limit);

} // namespace gatefold::lookup
