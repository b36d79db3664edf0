#pragma once

#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/release.hpp"
#include "core/session.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>

namespace gatefold {

/// The now-playing document without its head (v, seq, ts): the same over MQTT, HTTP and the event
/// stream. What is not known is null, never missing; position is computed by readers: position_s +
/// (now - position_at) * rate while playing.
struct NowPlaying {
    std::string state = "stopped"; ///< playing, paused, stopped, run_out, unknown
    std::optional<std::string> summary, artist, title, album, side, track;
    std::optional<int> track_no, tracks_on_side;
    std::optional<double> duration_s; ///< of the track
    std::optional<double> position_s; ///< in the track
    std::optional<std::string> position_at;
    double rate = 1.0;
    std::optional<std::string> side_ends_at;
    bool needs_flip = false;
    std::optional<std::string> confidence, copy_id;
    std::optional<ReleaseId> release_id;
    std::optional<std::string> release_mbid, cover_url;
    static constexpr auto fields = fieldList(
        field("state", &NowPlaying::state, "playing, paused, stopped, run_out or unknown"),
        field("summary", &NowPlaying::summary, "artist and title, at most 250 characters"),
        field("artist", &NowPlaying::artist), field("title", &NowPlaying::title, "of the track"),
        field("album", &NowPlaying::album), field("side", &NowPlaying::side),
        field("track", &NowPlaying::track), field("track_no", &NowPlaying::track_no),
        field("tracks_on_side", &NowPlaying::tracks_on_side),
        field("duration_s", &NowPlaying::duration_s, "of the track"),
        field("position_s", &NowPlaying::position_s, "in the track, at position_at"),
        field("position_at", &NowPlaying::position_at), field("rate", &NowPlaying::rate),
        field("side_ends_at", &NowPlaying::side_ends_at),
        field("needs_flip", &NowPlaying::needs_flip), field("confidence", &NowPlaying::confidence),
        field("copy_id", &NowPlaying::copy_id), field("release_id", &NowPlaying::release_id),
        field("release_mbid", &NowPlaying::release_mbid),
        field("cover_url", &NowPlaying::cover_url));
    bool operator==(const NowPlaying&) const = default;
};

/// What is on a deck, as far as now-playing needs it.
struct OnDeck {
    const PlaySession& session;
    const Release& release;
    std::optional<CopyId> copy;
    Confidence confidence = Confidence::scanned;
    std::optional<std::string> cover_url;
};

/// The document for a deck at `now`; an empty deck is `stopped` with null fields.
NowPlaying nowPlaying(const OnDeck* on_deck, Now now);

} // namespace gatefold
