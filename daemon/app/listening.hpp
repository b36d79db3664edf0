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

/// Jump on the current side: exactly one of `position_s` (from the side's start) and `track` (its
/// position, "B3").
struct SeekRequest {
    std::optional<double> position_s;
    std::optional<std::string> track;
    static constexpr auto fields =
        fieldList(field("position_s", &SeekRequest::position_s, "seconds from the side's start"),
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

/// One deck with a record on it.
struct OnThisDeck {
    PlayId id;
    DeckId deck;
    PlaySession session;
    Release release;
    std::optional<CopyId> copy;
    Confidence confidence = Confidence::scanned;
    std::string how;
    MonoTime saved_at{};
};

/// What plays on the decks: play sessions by the state table, their events, their clock. Any
/// thread; sessions are guarded by one mutex that is always taken before a write transaction
/// begins. Nothing in memory changes unless its transaction committed.
class Listening {
public:
    /// `base_url`: what covers' addresses begin with, so that others than our page find them.
    Listening(UnitOfWork& store, const Clock& clock, const ReleaseLookup& catalogue,
              std::string base_url = {});

    /// Once at start: sessions found open become interrupted; every deck's state is in the log.
    void restore();
    /// The decks' clock: calls tick() when something is due. Returns when `stop` is asked for,
    /// sessions saved.
    void run(const std::stop_token& stop);
    /// Everything that is due now: tracks, side notices, ends, the minute's saving.
    void tick();

    /// Commands of the page, the API and MQTT. `deck` empty: the default deck. Throw `notFound`
    /// (deck, copy, release, side, track), `invalid`, `noRecord` when the deck has no record on it.
    /// Return the seq of the deck's newest state.
    std::int64_t play(std::string_view deck, const PlayRequest& request, bool start = true);
    std::int64_t flip(std::string_view deck);
    std::int64_t stop(std::string_view deck);
    std::int64_t seek(std::string_view deck, const SeekRequest& request);

    /// The complete now-playing document of a deck, as on MQTT. Throws `notFound`.
    std::string nowPlayingDocument(std::string_view deck) const;
    std::vector<Deck> decks() const;

    /// Changes of sessions inside somebody else's transaction (a scan's). Construct before the
    /// transaction begins, call its methods inside, commit() after it succeeded; without commit
    /// nothing happened in memory.
    class Change {
    public:
        explicit Change(Listening& listening);
        PlayId put(Tx& tx, const DeckId& deck, const RecordOnDeck& record);
        /// A journalled scan that is worked off after a crash or long after: its session is
        /// interrupted, it never plays.
        PlayId putInterrupted(Tx& tx, const DeckId& deck, const RecordOnDeck& record);
        /// False when the deck has no record on it.
        bool flip(Tx& tx, const DeckId& deck);
        bool stop(Tx& tx, const DeckId& deck);
        bool seek(Tx& tx, const DeckId& deck, const SeekRequest& request);
        /// Back to the side before (an undone flip); false when the deck has no record on it.
        bool unflip(Tx& tx, const DeckId& deck);
        /// Takes a session back as if it had never been; it leaves the statistics.
        void undo(Tx& tx, PlayId play);
        /// An inbox answer: the session goes on with the right pressing.
        void settle(Tx& tx, PlayId play, const Release& release, std::optional<CopyId> copy);
        /// Says anew what is on the decks with this release: it has another cover.
        void coverChanged(Tx& tx, ReleaseId release);
        void commit();

    private:
        friend class Listening;
        OnThisDeck* on(const DeckId& deck);
        PlayId begin(Tx& tx, const DeckId& deck, const RecordOnDeck& record, PlaySession session,
                     const std::vector<SessionStep>& steps);
        void advance(Tx& tx, const DeckId& deck);
        void close(Tx& tx, const DeckId& deck, const std::vector<SessionStep>& steps, bool undone);
        void keep(Tx& tx, OnThisDeck& deck, const std::vector<SessionStep>& steps);

        Listening& listening_;
        std::unique_lock<std::mutex> lock_;
        Now now_;
        std::map<DeckId, std::optional<OnThisDeck>> changed_;
    };

private:
    DeckId deckNamed(const ReadTx& tx, std::string_view deck) const;
    std::optional<MonoTime> nextDue() const;
    void sayState(Tx& tx, const DeckId& deck, const OnThisDeck* on_deck, Now now) const;

    UnitOfWork& store_;
    const Clock& clock_;
    const ReleaseLookup& catalogue_;
    std::string base_url_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    bool changed_ = false; ///< a due time may have moved: run() looks again
    std::map<DeckId, OnThisDeck> active_;
};

} // namespace gatefold
