#include "core/session.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace gatefold {

namespace {

constexpr double endingNotice_s = 60;
constexpr std::chrono::minutes finishAfter{10};
constexpr std::chrono::minutes finishWhenSideLeft{60};

Millis asMillis(double seconds) {
    return Millis(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}
double asSeconds(MonoTime::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

} // namespace

PlaySession::PlaySession(std::vector<Side> sides) : sides_(std::move(sides)) {}

PlaySession::PlaySession(std::vector<Side> sides, const Saved& saved, MonoTime now)
    : sides_(std::move(sides)),
      state_(saved.state),
      side_(std::min<std::size_t>(static_cast<std::size_t>(std::max(saved.side, 0)),
                                  sides_.size() - 1)),
      position_s_(saved.position_s),
      played_s_(saved.played_s),
      anchor_(now),
      ending_told_(saved.ending_told),
      tracks_told_(static_cast<std::size_t>(std::max(saved.tracks_told, 0))) {
    if (open())
        state_ = SessionState::interrupted;
}

bool PlaySession::open() const {
    return state_ == SessionState::selected || state_ == SessionState::playing ||
           state_ == SessionState::paused || state_ == SessionState::sideEnded;
}

std::optional<std::string> PlaySession::nextSide() const {
    if (side_ + 1 < sides_.size())
        return sides_[side_ + 1].name;
    return std::nullopt;
}

double PlaySession::rawPosition(MonoTime now) const {
    return state_ == SessionState::playing ? position_s_ + asSeconds(now - anchor_) : position_s_;
}

double PlaySession::position(MonoTime now) const {
    return std::clamp(rawPosition(now), 0.0, side().duration_s);
}

bool PlaySession::needsFlip() const {
    return state_ == SessionState::sideEnded && nextSide().has_value();
}

PlaySession::Saved PlaySession::saved(MonoTime now) const {
    const double ran_s = state_ == SessionState::playing ? asSeconds(now - anchor_) : 0;
    return {state_,       static_cast<int>(side_),       position(now), played_s_ + ran_s,
            ending_told_, static_cast<int>(tracks_told_)};
}

SessionStep PlaySession::step(SessionChange change) const {
    return {change, side().name, nextSide(), {}, 0, 0};
}

std::vector<SessionStep> PlaySession::start(std::size_t index, MonoTime now) {
    std::vector<SessionStep> steps;
    leavePlaying(now);
    countSide(steps);
    if (state_ == SessionState::selected)
        steps.push_back(step(SessionChange::recordOn));
    beginSide(std::min(index, sides_.size() - 1), now, steps);
    return steps;
}

std::vector<SessionStep> PlaySession::pause(MonoTime now) {
    std::vector<SessionStep> steps;
    if (state_ != SessionState::playing)
        return steps;
    leavePlaying(now);
    state_ = SessionState::paused;
    return steps;
}

std::vector<SessionStep> PlaySession::resume(MonoTime now) {
    if (state_ == SessionState::paused || state_ == SessionState::interrupted) {
        state_ = SessionState::playing;
        anchor_ = now;
    }
    return {};
}

std::vector<SessionStep> PlaySession::flip(MonoTime now) {
    std::vector<SessionStep> steps;
    leavePlaying(now);
    countSide(steps);
    const std::size_t next = (side_ + 1) % sides_.size();
    SessionStep flipped = step(SessionChange::flipped);
    flipped.next_side = sides_[next].name;
    steps.push_back(std::move(flipped));
    beginSide(next, now, steps);
    return steps;
}

std::vector<SessionStep> PlaySession::seek(double position_s, MonoTime now) {
    std::vector<SessionStep> steps;
    leavePlaying(now);
    const bool was_ended = state_ == SessionState::sideEnded || state_ == SessionState::interrupted;
    position_s_ = std::clamp(position_s, 0.0, side().duration_s);
    if (was_ended)
        state_ = SessionState::playing;
    anchor_ = now;
    ending_told_ = side().duration_s - position_s_ < endingNotice_s;
    const auto track = trackAt(side(), position_s_);
    tracks_told_ = track ? *track + 1 : 0;
    steps.push_back(step(SessionChange::seeked));
    return steps;
}

std::vector<SessionStep> PlaySession::stop(MonoTime now, bool undone) {
    std::vector<SessionStep> steps;
    leavePlaying(now);
    if (!undone)
        countSide(steps);
    state_ = SessionState::stopped;
    steps.push_back(step(SessionChange::recordOff));
    return steps;
}

std::vector<SessionStep> PlaySession::advance(MonoTime now) {
    std::vector<SessionStep> steps;
    if (state_ == SessionState::playing) {
        const double at_s = rawPosition(now);
        for (; tracks_told_ < side().tracks.size() && side().tracks[tracks_told_].start_s <= at_s;
             ++tracks_told_) {
            SessionStep started = step(SessionChange::trackStarted);
            started.track = side().tracks[tracks_told_];
            steps.push_back(std::move(started));
        }
        if (!ending_told_ && at_s >= side().duration_s - endingNotice_s) {
            ending_told_ = true;
            steps.push_back(step(SessionChange::sideEnding));
        }
        if (at_s < side().duration_s)
            return steps;
        // The side ended when its time was up, not when somebody looked.
        const MonoTime ended = anchor_ + asMillis(side().duration_s - position_s_);
        leavePlaying(ended);
        state_ = SessionState::sideEnded;
        anchor_ = ended;
        steps.push_back(step(SessionChange::sideEnded));
        countSide(steps);
        if (nextSide())
            steps.push_back(step(SessionChange::flipDue));
    }
    if (state_ == SessionState::sideEnded &&
        now - anchor_ >= (nextSide() ? finishWhenSideLeft : finishAfter)) {
        state_ = SessionState::finished;
        steps.push_back(step(SessionChange::recordOff));
    }
    return steps;
}

void PlaySession::replaceSides(std::vector<Side> sides, MonoTime now) {
    leavePlaying(now);
    const std::string name = side().name;
    sides_ = std::move(sides);
    side_ = 0;
    for (std::size_t i = 0; i < sides_.size(); ++i)
        if (sides_[i].name == name)
            side_ = i;
    position_s_ = std::min(position_s_, side().duration_s);
    const auto track = trackAt(side(), position_s_);
    tracks_told_ = track ? *track + 1 : 0;
}

void PlaySession::unflip(MonoTime now) {
    side_ = (side_ + sides_.size() - 1) % sides_.size();
    std::vector<SessionStep> unsaid;
    beginSide(side_, now, unsaid);
}

std::optional<MonoTime> PlaySession::nextDue() const {
    if (state_ == SessionState::sideEnded)
        return anchor_ + (nextSide() ? finishWhenSideLeft : finishAfter);
    if (state_ != SessionState::playing)
        return std::nullopt;
    double due_s = side().duration_s;
    if (!ending_told_)
        due_s = std::min(due_s, std::max(0.0, side().duration_s - endingNotice_s));
    if (tracks_told_ < side().tracks.size())
        due_s = std::min(due_s, side().tracks[tracks_told_].start_s);
    return anchor_ + asMillis(std::max(0.0, due_s - position_s_));
}

void PlaySession::leavePlaying(MonoTime now) {
    if (state_ != SessionState::playing)
        return;
    const double ran_s = std::min(asSeconds(now - anchor_), side().duration_s - position_s_);
    played_s_ += std::max(0.0, ran_s);
    position_s_ = position(now);
    anchor_ = now;
}

void PlaySession::countSide(std::vector<SessionStep>& steps) {
    if (played_s_ <= 0)
        return;
    SessionStep played = step(SessionChange::played);
    played.played_s = played_s_;
    played.share = side().duration_s > 0 ? std::min(1.0, played_s_ / side().duration_s) : 1.0;
    steps.push_back(std::move(played));
    played_s_ = 0;
}

void PlaySession::beginSide(std::size_t index, MonoTime now, std::vector<SessionStep>& steps) {
    side_ = index;
    state_ = SessionState::playing;
    position_s_ = 0;
    played_s_ = 0;
    anchor_ = now;
    ending_told_ =
        side().duration_s <= endingNotice_s;      // a side of a minute needs no notice of its own
    tracks_told_ = side().tracks.empty() ? 0 : 1; // the first track is said by sideStarted
    SessionStep started = step(SessionChange::sideStarted);
    if (!side().tracks.empty())
        started.track = side().tracks.front();
    steps.push_back(std::move(started));
    if (!side().tracks.empty()) {
        SessionStep track = step(SessionChange::trackStarted);
        track.track = side().tracks.front();
        steps.push_back(std::move(track));
    }
}

} // namespace gatefold
