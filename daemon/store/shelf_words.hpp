#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Text as search and sorting see it. Pure functions.
namespace gatefold::store {

/// Letters. A shorter word has too many neighbours to guess which was meant.
constexpr std::size_t shortestCorrected = 4;

/// A text as it is sorted: small letters, Latin accents folded, a leading article ("The", "Die",
/// "Les" ...) ignored, signs dropped.
std::string sortKey(std::string_view text);

/// Words for the index: folded, split at every sign, and beside them the words that only drop
/// their signs ("ac", "dc", "acdc").
std::vector<std::string> indexWords(std::string_view text);
/// All of a text as one word: "SD 8216" is typed as "sd8216", too.
std::string withoutSigns(std::string_view text);
/// The words of a text that are long enough to be what somebody meant by a word with a typo.
std::set<std::string> correctableWords(std::string_view text);

/// Words somebody typed: folded, split at every sign, at most 12; "the" is left out unless nothing
/// else is there.
std::vector<std::string> searchWords(std::string_view text);

/// A word's letters, so that a typo counts as one in every script.
std::u32string lettersOf(std::string_view word);
/// Letters as text again.
std::string textOf(std::u32string_view letters);

} // namespace gatefold::store
