#pragma once

#include "app/enrichment.hpp"
#include "app/write_check.hpp"
#include "core/typed_query.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatefold {

/// A search hit of an online source; nothing of it is stored.
struct OnlineFind {
    Candidate release; ///< `release_id` 0 where the source knows no Discogs number
    std::optional<std::string> mbid;
    Attribution attribution;
    static constexpr auto fields = fieldList(
        field("release", &OnlineFind::release, "release_id 0: no Discogs number is known"),
        field("mbid", &OnlineFind::mbid, "at MusicBrainz"),
        field("attribution", &OnlineFind::attribution));
};

/// A source that gave no answer, in words.
struct SilentSource {
    std::string name, detail;
    static constexpr auto fields =
        fieldList(field("name", &SilentSource::name), field("detail", &SilentSource::detail));
};

struct OnlineAnswer {
    std::string query;
    ReadAs read_as = ReadAs::text;
    std::vector<OnlineFind> found; ///< a release that two sources know comes once
    std::vector<SilentSource> silent;
    static constexpr auto fields =
        fieldList(field("query", &OnlineAnswer::query),
                  field("read_as", &OnlineAnswer::read_as, "as what the sources were asked for it"),
                  field("found", &OnlineAnswer::found), field("silent", &OnlineAnswer::silent));
};

/// A hit that somebody chose: the source's name and one of the ids.
struct OnlineChoice {
    std::string source;
    Absent<std::int64_t> release_id; ///< Discogs' number
    Absent<std::string> mbid;
    static constexpr auto fields =
        fieldList(field("source", &OnlineChoice::source),
                  field("release_id", &OnlineChoice::release_id, "the Discogs number"),
                  field("mbid", &OnlineChoice::mbid, "or the MusicBrainz id"));
};

/// What a person asks the online sources for while looking at the page: ahead of the house's own
/// questions, for some seconds at most. Any thread; find() and take() block.
class OnlineSearch {
public:
    OnlineSearch(UnitOfWork& store, const ReleaseLookup& catalogue, OnlineSources sources);

    /// Asks every source that can answer. `read_as`: what `typed` is; not given: the likeliest that
    /// sources can be asked for (they know no runouts). Throws Error `invalid` for nothing to look
    /// for, more than 512 bytes, or a barcode that is none; RetryLater `unavailable` once this was
    /// stopped.
    OnlineAnswer find(const std::string& typed, std::optional<ReadAs> read_as) const;

    /// Stores what the source says about the choice, with its tracks, so that it can be played,
    /// added and settled on; gives it as stored. Throws Error `invalid`, `notFound`, and as sources
    /// and `check` do; RetryLater `unavailable` once this was stopped.
    Release take(const OnlineChoice& choice, const WriteCheck& check);

    /// Ends all questions that are asked or wait, and refuses new ones, so that nobody waits for
    /// them.
    void stop() { stop_.request_stop(); }

private:
    OnlineCall personsCall() const;
    std::vector<OnlineCandidate> ask(ReleaseSource& source, const std::string& typed,
                                     ReadAs read_as) const;
    std::optional<OnlineRelease> releaseAt(ReleaseSource& source, const OnlineKey& key) const;

    UnitOfWork& store_;
    const ReleaseLookup& catalogue_;
    OnlineSources sources_;
    std::stop_source stop_;
};

} // namespace gatefold
