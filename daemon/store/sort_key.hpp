#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatefold::store {

/// A text as it is sorted: small letters, Latin accents folded, a leading article ("The", "Die", "Les" ...) ignored, signs dropped.
std::string sortKey(std::string_view text);

/// The words of a search as FTS5 prefixes: each quoted, all wanted, "the" left out. Empty when there is no word.
std::string matchExpression(const std::vector<std::string>& words);
/// Words of at least one letter or digit, in small letters, at most 12.
std::vector<std::string> searchWords(std::string_view text);

/// Whether one letter more, less, other or swapped turns `a` into `b` (bytes; Damerau's distance of at most one).
bool withinOneTypo(std::string_view a, std::string_view b);

} // namespace gatefold::store
