#include "core/now_playing.hpp"

#include "core/text.hpp"

#include <array>
#include <chrono>
#include <cmath>

namespace gatefold {

namespace {

/// Home Assistant refuses states of more than 255 characters.
constexpr std::size_t longestSummary = 250;

std::string_view stateOnMqtt(SessionState state) {
    switch (state) {
    case SessionState::playing: return "playing";
    case SessionState::paused: return "paused";
    case SessionState::sideEnded: return "run_out";
    case SessionState::interrupted: return "unknown";
    case SessionState::selected:
    case SessionState::finished:
    case SessionState::stopped: return "stopped";
    }
    return "unknown";
}

/// Milliseconds are what a reader can use; more digits are noise.
double rounded(double seconds) {
    return std::round(seconds * 1000) / 1000;
}

void describeTrack(NowPlaying& doc, const Side& side, double position_s) {
    const auto index = trackAt(side, position_s);
    if (!index) {
        doc.position_s = rounded(position_s);
        doc.duration_s = rounded(side.duration_s);
        return;
    }
    const SideTrack& track = side.tracks[*index];
    doc.title = track.title;
    doc.track = track.position;
    doc.track_no = static_cast<int>(*index) + 1;
    doc.tracks_on_side = static_cast<int>(side.tracks.size());
    doc.duration_s = rounded(track.duration_s);
    doc.position_s = rounded(position_s - track.start_s);
}

} // namespace

NowPlaying nowPlaying(const OnDeck* on_deck, Now now) {
    NowPlaying doc;
    if (!on_deck)
        return doc;
    const PlaySession& session = on_deck->session;
    doc.state = stateOnMqtt(session.state());
    const bool off =
        session.state() == SessionState::stopped || session.state() == SessionState::finished;
    if (off)
        return doc;
    const Side& side = session.side();
    const double position_s = session.position(now.mono);
    doc.artist = on_deck->release.artist;
    doc.album = on_deck->release.title;
    doc.side = side.name;
    describeTrack(doc, side, position_s);
    doc.position_at = isoTime(now.wall);
    doc.summary =
        shortened(on_deck->release.artist + " – " + doc.title.value_or(on_deck->release.title),
                  longestSummary);
    if (session.state() == SessionState::playing) {
        const auto left = std::chrono::duration_cast<Millis>(
            std::chrono::duration<double>(side.duration_s - position_s));
        doc.side_ends_at = isoTime(now.wall + left);
    }
    doc.needs_flip = session.needsFlip();
    doc.confidence = std::string(nameOf(side.estimated ? Confidence::guess : on_deck->confidence));
    if (on_deck->copy)
        doc.copy_id = on_deck->copy->text();
    doc.release_id = on_deck->release.release_id;
    doc.cover_url = on_deck->cover_url;
    return doc;
}

} // namespace gatefold
