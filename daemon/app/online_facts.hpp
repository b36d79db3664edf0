#pragma once

#include "ports/online_source.hpp"
#include "ports/release_lookup.hpp"
#include "ports/store.hpp"

#include <cstdint>
#include <optional>

/// How what an online source says about a release becomes a row of the store. Any thread; what
/// takes a `Tx` runs in the caller's transaction and throws as the store does, the others never
/// throw.
namespace gatefold {

/// Discogs' number, unless the household or another source gave the id.
std::optional<std::int64_t> discogsNumber(ReleaseId id);

/// What a search hit says, as far as it goes.
Release releaseOf(const Candidate& candidate);

/// Where something is from, with the source's notice.
Attribution attributionOf(const OnlineSource& source, const OnlineOrigin& origin);

/// Keeps what a source says and gives its id. The dump's facts and the household's stay; so do
/// those that may be kept, beside others that may not. A release without a Discogs number gets an
/// id of its own, once: `before` is the one it got then.
ReleaseId keepFacts(Tx& tx, const ReleaseLookup& catalogue, Release release,
                    std::optional<ReleaseId> before);

/// The dump's facts; none also while the catalogue is damaged: its own state tells the household.
std::optional<Release> inDump(const ReleaseLookup& catalogue, ReleaseId id);

} // namespace gatefold
