#pragma once

#include "core/now_playing.hpp"
#include "core/session.hpp"
#include "ports/clock.hpp"
#include "ports/release_lookup.hpp"
#include "ports/store.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// Play a record: exactly one of `copy_id` and `release_id`.
struct PlayRequest {
    std::optional<CopyId> copy_id;
    std::optional<ReleaseId> release_id;
    std::optional<std::string> side; ///< name of a side; none: the first
    static constexpr auto fields = fieldList(
        field("copy_id", &PlayRequest::copy_id), field("release_id", &PlayRequest::release_id),
        field("side", &PlayRequest::side, "A, B ...; the first side when missing"));
};

/// Jump on the current side: exactly one of `position_s` (from the side's start) and `track` (its position, "B3").
struct SeekRequest {
    std::optional<double> position_s;
    std::optional<std::string> track;
    static constexpr auto fields = fieldList(field("position_s", &SeekRequest::position_s, "seconds from the side's start"),
                                             field("track", &SeekRequest::track, "position of a track on this side"));
};

/// What goes on a deck, from whom, how it is known.
struct RecordOnDeck {
    Release release;
    std::optional<CopyId> copy;
    std::optional<PersonId> person;
    Confidence confidence = Confidence::scanned;
    std::string how = "scan"; ///< "scan" or "manual"
    std::size_t side = 0;
    bool start = true; ///< false: selected, needle not down
};

/// What plays on the decks: play sessions by the state table, their events, their clock. Any thread; sessions are guarded by one mutex that
/// is always taken before a write transaction begins. Nothing in memory changes unless its transaction committed.
class Listening {
public:
    Listening(UnitOfWork& store, const Clock& clock, const ReleaseLookup& catalogue);

    /// Once at start: sessions found open become interrupted; every deck's state is in the log.
    void restore();
    /// The decks' clock: side notices, ends, minute saves. Returns when `stop` is asked for, sessions saved.
    void run(std::stop_token stop);

    /// Commands of the page, the API and MQTT. `deck` empty: the default deck. Throw `notFound` (deck, copy, release, side, track),
    /// `invalid`, `noRecord` when the deck has no record on it. Return the seq of the deck's newest state.
    std::int64_t play(std::string_view deck, const PlayRequest& request, bool start = true);
    std::int64_t flip(std::string_view deck);
    std::int64_t stop(std::string_view deck);
    std::int64_t seek(std::string_view deck, const SeekRequest& request);

    /// The complete now-playing document of a deck, as on MQTT. Throws `notFound`.
    std::string nowPlayingDocument(std::string_view deck) const;
    std::vector<Deck> decks() const;

    /// Changes of sessions inside somebody else's transaction (a scan's). Construct before the transaction begins, call its methods inside,
    /// commit() after the transaction succeeded; without commit nothing happened in memory.
    class Change {
    public:
        explicit Change(Listening& listening);
        PlayId put(Tx& tx, const DeckId& deck, const RecordOnDeck& record);
        /// False when the deck has no record on it.
        bool flip(Tx& tx, const DeckId& deck);
        bool stop(Tx& tx, const DeckId& deck);
        /// Takes a session back as if it had never been; false when it is gone already. Closes it first where it is still on the deck.
        bool undo(Tx& tx, PlayId play);
        /// Goes to the side before the current one (an undone flip).
        bool unflip(Tx& tx, const DeckId& deck);
        /// An inbox answer: the session goes on with the right pressing.
        void settle(Tx& tx, PlayId play, const Release& release, std::optional<CopyId> copy);
        /// A journalled scan that is worked off after a crash: its session was interrupted, it never plays.
        void putInterrupted(Tx& tx, const DeckId& deck, const RecordOnDeck& record);
        void commit();

    private:
        friend class Listening;
        struct Active;
        Listening& listening_;
        std::unique_lock<std::mutex> lock_;
        std::map<DeckId, std::optional<struct OnThisDeck>> changed_;
    };

private:
    friend class Change;
    struct Impl;
    UnitOfWork& store_;
    const Clock& clock_;
    const ReleaseLookup& catalogue_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    std::map<DeckId, struct OnThisDeck> active_;
};

} // namespace gatefold
