#pragma once

#include "core/release.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gatefold {

/// The colours that the free words of the formats name, as written and joined with " / ": "Red" of
/// "180 gram, Red Vinyl". Nothing when no format names one: a plain black record often says
/// nothing, and a coloured sleeve or label is not the record.
std::optional<std::string> colourOf(const std::vector<Format>& formats);

/// What is pressed or scratched into the runouts, as written, without repetitions.
std::vector<std::string> runoutsOf(const std::vector<Identifier>& identifiers);

/// A release as a candidate, with everything but `runouts`.
Candidate candidateOf(const Release& release, MatchKind match, std::string why);

} // namespace gatefold
