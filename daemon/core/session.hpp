#pragma once

#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/sides.hpp"
#include "core/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatefold {

/// States of a play session (product.md); sideEnded says `run_out` on MQTT.
enum class SessionState { selected, playing, paused, sideEnded, finished, stopped, interrupted };
template <>
struct EnumNames<SessionState> {
    static constexpr std::array<std::pair<SessionState, std::string_view>, 7> names{{
        {SessionState::selected, "selected"},
        {SessionState::playing, "playing"},
        {SessionState::paused, "paused"},
        {SessionState::sideEnded, "side_ended"},
        {SessionState::finished, "finished"},
        {SessionState::stopped, "stopped"},
        {SessionState::interrupted, "interrupted"},
    }};
};

enum class Confidence { scanned, manual, guess };
template <>
struct EnumNames<Confidence> {
    static constexpr std::array<std::pair<Confidence, std::string_view>, 3> names{
        {{Confidence::scanned, "scanned"},
         {Confidence::manual, "manual"},
         {Confidence::guess, "guess"}}};
};

/// What a step of a session did; listening turns each into events.
enum class SessionChange {
    recordOn,
    sideStarted,
    trackStarted,
    sideEnding, ///< one minute before the estimated end
    sideEnded,
    flipDue,
    flipped,
    played, ///< a side left `playing` for good
    recordOff,
    seeked,
};

/// One change with what its event needs.
struct SessionStep {
    SessionChange change;
    std::string side;
    std::optional<std::string> next_side;
    std::optional<SideTrack> track;
    double played_s = 0; ///< for `played`: time the side's clock ran
    double share = 0;    ///< for `played`: played_s of the side's length, 0 ... 1
};

/// One record on one deck, from record on to record off. A value: the clock comes in with every
/// call, nothing ticks inside. Only monotonic differences count; wall times are derived by readers.
class PlaySession {
public:
    /// What is kept in the store (saved at every change and each minute).
    struct Saved {
        SessionState state = SessionState::selected;
        int side = 0;             ///< index into the sides
        double position_s = 0;    ///< on the side, at the moment of saving
        double played_s = 0;      ///< time this side's clock has run since it was last counted
        bool ending_told = false; ///< `sideEnding` was said for this side
        int tracks_told = 0;      ///< tracks of this side whose start was told
        static constexpr auto fields = fieldList(
            field("state", &Saved::state), field("side", &Saved::side),
            field("position_s", &Saved::position_s), field("played_s", &Saved::played_s),
            field("ending_told", &Saved::ending_told), field("tracks_told", &Saved::tracks_told));
    };

    /// A new session in `selected`, at the first side.
    explicit PlaySession(std::vector<Side> sides);
    /// A session found in the store; open ones become `interrupted` (an unclean stop) at the
    /// position last saved.
    PlaySession(std::vector<Side> sides, const Saved& saved, MonoTime now);

    SessionState state() const { return state_; }
    bool open() const;
    const std::vector<Side>& sides() const { return sides_; }
    const Side& side() const { return sides_[side_]; }
    std::size_t sideIndex() const { return side_; }
    std::optional<std::string> nextSide() const;
    /// Position on the side in seconds at `now`, never past its estimated end.
    double position(MonoTime now) const;
    bool needsFlip() const;
    Saved saved(MonoTime now) const;

    /// Needle down on `side` (index): from selected, stopped side or interrupted.
    std::vector<SessionStep> start(std::size_t side, MonoTime now);
    std::vector<SessionStep> pause(MonoTime now);
    std::vector<SessionStep> resume(MonoTime now);
    /// The next side starts; after the last one the first.
    std::vector<SessionStep> flip(MonoTime now);
    /// Jumps on the current side; out of range is clamped to the side.
    std::vector<SessionStep> seek(double position_s, MonoTime now);
    /// Record off. `undone` leaves no play behind.
    std::vector<SessionStep> stop(MonoTime now, bool undone = false);
    /// Everything that is due by `now`, in order; call at nextDue() or later.
    std::vector<SessionStep> advance(MonoTime now);
    /// The right pressing became known: its sides replace the guessed ones, state and position stay
    /// (by the side's name).
    void replaceSides(std::vector<Side> sides, MonoTime now);
    /// Back to the start of the side before the current one (an undone flip); no play is counted.
    void unflip(MonoTime now);
    /// When advance() next has something to do.
    std::optional<MonoTime> nextDue() const;

private:
    double rawPosition(MonoTime now) const;
    void leavePlaying(MonoTime now);
    void countSide(std::vector<SessionStep>& steps);
    void beginSide(std::size_t side, MonoTime now, std::vector<SessionStep>& steps);
    SessionStep step(SessionChange change) const;

    std::vector<Side> sides_;
    SessionState state_ = SessionState::selected;
    std::size_t side_ = 0;
    double position_s_ = 0; ///< at anchor_
    double played_s_ = 0;   ///< up to anchor_
    MonoTime anchor_{};     ///< when the clock last started, or when the state was entered
    bool ending_told_ = false;
    std::size_t tracks_told_ = 0;
};

} // namespace gatefold
