#pragma once

#include "store/connection.hpp"

#include <string>
#include <vector>

namespace gatefold::store {

/// Beginnings of words on the shelf that somebody may have meant by `word`: one letter more, less,
/// other or swapped with its neighbour (Damerau's distance of one). None for a short word, which
/// has too many neighbours; at most 24.
std::vector<std::string> meantBeginnings(Connection& db, const std::string& word);

} // namespace gatefold::store
