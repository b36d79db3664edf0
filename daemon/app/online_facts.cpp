#include "app/online_facts.hpp"

#include "core/error.hpp"

#include <utility>

namespace gatefold {

std::optional<std::int64_t> discogsNumber(ReleaseId id) {
    return id > 0 && id < firstOwnReleaseId ? std::optional(id) : std::nullopt;
}

Release releaseOf(const Candidate& candidate) {
    Release release;
    release.release_id = candidate.release_id;
    release.master_id = candidate.master_id;
    release.title = candidate.title;
    release.artist = candidate.artist;
    release.year = candidate.year;
    release.country = candidate.country;
    release.labels = candidate.labels;
    release.formats = candidate.formats;
    return release;
}

Attribution attributionOf(const OnlineSource& source, const OnlineOrigin& origin) {
    const OnlineSourceStatus status = source.status();
    return {origin.source,     origin.source_url, status.notice,
            status.notice_url, origin.fetched_at, origin.show_until};
}

std::optional<Release> inDump(const ReleaseLookup& catalogue, ReleaseId id) {
    try {
        return catalogue.release(id);
    } catch (const Error&) {
        return std::nullopt;
    }
}

ReleaseId keepFacts(Tx& tx, const ReleaseLookup& catalogue, Release release,
                    std::optional<ReleaseId> before) {
    if (release.release_id == 0)
        return before ? *before : tx.releases.create(std::move(release));
    const auto stored = tx.releases.find(release.release_id);
    if (stored && !stored->attribution)
        return release.release_id;
    if (const auto in_dump = inDump(catalogue, release.release_id)) {
        tx.releases.keep(*in_dump);
        return release.release_id;
    }
    const bool better = !stored || stored->attribution->show_until ||
                        stored->attribution->source == release.attribution->source;
    if (better)
        tx.releases.keep(release);
    return release.release_id;
}

} // namespace gatefold
