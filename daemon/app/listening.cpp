#include "app/listening.hpp"

#include "app/event_data.hpp"
#include "core/error.hpp"
#include "ports/covers.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr auto saveEvery = 1min;

std::string howOf(const OnThisDeck& deck) {
    return deck.confidence == Confidence::guess ? std::string(nameOf(Confidence::guess)) : deck.how;
}

RecordEvent recordEvent(const OnThisDeck& deck) {
    return {deck.copy,           deck.release.release_id,
            deck.release.artist, deck.release.title,
            howOf(deck),         {}};
}

SideEvent sideEvent(const OnThisDeck& deck, const SessionStep& step) {
    return {deck.copy, deck.release.release_id, step.side, step.next_side, {}, {}};
}

/// One event of a session: the name in the log and its data.
struct Said {
    std::string_view event;
    std::string body;
};

std::optional<Said> eventOf(const OnThisDeck& deck, const SessionStep& step, bool undone, Now now) {
    switch (step.change) {
    case SessionChange::recordOn: return Said{"record_on", json::write(recordEvent(deck))};
    case SessionChange::recordOff: {
        RecordEvent event = recordEvent(deck);
        if (undone)
            event.undone = true;
        return Said{"record_off", json::write(event)};
    }
    case SessionChange::sideStarted:
        return Said{"side_started", json::write(sideEvent(deck, step))};
    case SessionChange::sideEnded: return Said{"side_ended", json::write(sideEvent(deck, step))};
    case SessionChange::flipped: return Said{"flipped", json::write(sideEvent(deck, step))};
    case SessionChange::flipDue: {
        SideEvent event = sideEvent(deck, step);
        event.since = isoTime(now.wall);
        return Said{"flip_due", json::write(event)};
    }
    case SessionChange::sideEnding: {
        SideEvent event = sideEvent(deck, step);
        const double left_s = deck.session.side().duration_s - deck.session.position(now.mono);
        event.ends_at = isoTime(
            now.wall + std::chrono::duration_cast<Millis>(std::chrono::duration<double>(left_s)));
        return Said{"side_ending", json::write(event)};
    }
    case SessionChange::trackStarted:
        return Said{"track_started",
                    json::write(TrackEvent{deck.copy, deck.release.release_id, step.track->position,
                                           step.track->title})};
    case SessionChange::played:
        return Said{"played", json::write(PlayedEvent{deck.copy, deck.release.release_id, step.side,
                                                      step.played_s, step.share})};
    case SessionChange::seeked: return std::nullopt;
    }
    return std::nullopt;
}

std::size_t sideIndex(const std::vector<Side>& sides, const std::optional<std::string>& name) {
    if (!name)
        return 0;
    for (std::size_t i = 0; i < sides.size(); ++i)
        if (sides[i].name == *name)
            return i;
    throw Error(ErrorCode::notFound, "This record has no side " + *name + ".", "side");
}

double seekPosition(const PlaySession& session, const SeekRequest& request) {
    if (request.position_s.has_value() == request.track.has_value())
        throw Error(ErrorCode::invalid, "Say either position_s or track.", "position_s");
    if (request.position_s)
        return *request.position_s;
    for (const SideTrack& track : session.side().tracks)
        if (track.position == *request.track)
            return track.start_s;
    throw Error(ErrorCode::notFound,
                "Side " + session.side().name + " has no track " + *request.track + ".", "track");
}

} // namespace

// --- Change
// ----------------------------------------------------------------------------------------------------------

Listening::Change::Change(Listening& listening)
    : listening_(listening), lock_(listening.mutex_), now_(listening.clock_.now()) {}

OnThisDeck* Listening::Change::on(const DeckId& deck) {
    const auto staged = changed_.find(deck);
    if (staged != changed_.end())
        return staged->second ? &*staged->second : nullptr;
    const auto active = listening_.active_.find(deck);
    if (active == listening_.active_.end())
        return nullptr;
    return &*changed_.emplace(deck, active->second).first->second;
}

void Listening::Change::keep(Tx& tx, OnThisDeck& deck, const std::vector<SessionStep>& steps) {
    for (const SessionStep& step : steps) {
        if (step.change == SessionChange::played)
            tx.plays.countSide({deck.id, step.side, step.played_s, step.share, now_.wall});
        if (const auto said = eventOf(deck, step, false, now_))
            tx.events.append(
                {LogRow::Kind::event, std::string(said->event), deck.deck, said->body, deck.deck},
                now_.wall);
    }
    tx.plays.save(deck.id, deck.session.saved(now_.mono));
    deck.saved_at = now_.mono;
    listening_.sayState(tx, deck.deck, &deck, now_);
}

void Listening::Change::close(Tx& tx, const DeckId& deck, const std::vector<SessionStep>& steps,
                              bool undone) {
    OnThisDeck& closing = *on(deck);
    for (const SessionStep& step : steps) {
        if (step.change == SessionChange::played)
            tx.plays.countSide({closing.id, step.side, step.played_s, step.share, now_.wall});
        if (const auto said = eventOf(closing, step, undone, now_))
            tx.events.append(
                {LogRow::Kind::event, std::string(said->event), deck, said->body, deck}, now_.wall);
    }
    tx.plays.close(closing.id, closing.session.saved(now_.mono), now_.wall);
    changed_[deck] = std::nullopt;
}

PlayId Listening::Change::begin(Tx& tx, const DeckId& deck, const RecordOnDeck& record,
                                PlaySession session, const std::vector<SessionStep>& steps) {
    if (OnThisDeck* before = on(deck))
        close(tx, deck, before->session.stop(now_.mono), false);
    PlayRow row;
    row.deck = deck;
    row.copy = record.copy;
    row.release_id = record.release.release_id;
    row.confidence = record.confidence;
    row.how = record.how;
    row.person = record.person;
    row.started_at = now_.wall;
    row.saved = session.saved(now_.mono);
    tx.releases.keep(record.release);
    const PlayId id = tx.plays.insert(row);
    if (record.copy)
        tx.copies.countPlay(*record.copy, now_.wall);
    changed_[deck] = OnThisDeck{
        id,         deck,     std::move(session), record.release, record.copy, record.confidence,
        record.how, now_.mono};
    keep(tx, *changed_[deck], steps);
    return id;
}

PlayId Listening::Change::put(Tx& tx, const DeckId& deck, const RecordOnDeck& record) {
    PlaySession session(sidesOf(shownAt(record.release, now_.wall)));
    std::vector<SessionStep> steps;
    if (record.start)
        steps = session.start(record.side, now_.mono);
    return begin(tx, deck, record, std::move(session), steps);
}

PlayId Listening::Change::putInterrupted(Tx& tx, const DeckId& deck, const RecordOnDeck& record) {
    // Constructing from an open saved state is what a start after a crash does.
    PlaySession::Saved saved;
    saved.state = SessionState::playing;
    return begin(tx, deck, record,
                 PlaySession(sidesOf(shownAt(record.release, now_.wall)), saved, now_.mono), {});
}

bool Listening::Change::flip(Tx& tx, const DeckId& deck) {
    OnThisDeck* playing = on(deck);
    if (!playing)
        return false;
    const auto steps = playing->session.flip(now_.mono);
    keep(tx, *playing, steps);
    return true;
}

bool Listening::Change::unflip(Tx& tx, const DeckId& deck) {
    OnThisDeck* playing = on(deck);
    if (!playing)
        return false;
    playing->session.unflip(now_.mono);
    keep(tx, *playing, {});
    return true;
}

bool Listening::Change::stop(Tx& tx, const DeckId& deck) {
    OnThisDeck* playing = on(deck);
    if (!playing)
        return false;
    close(tx, deck, playing->session.stop(now_.mono), false);
    listening_.sayState(tx, deck, nullptr, now_);
    return true;
}

bool Listening::Change::seek(Tx& tx, const DeckId& deck, const SeekRequest& request) {
    OnThisDeck* playing = on(deck);
    if (!playing)
        return false;
    const auto steps = playing->session.seek(seekPosition(playing->session, request), now_.mono);
    keep(tx, *playing, steps);
    return true;
}

void Listening::Change::advance(Tx& tx, const DeckId& deck) {
    OnThisDeck* playing = on(deck);
    if (!playing)
        return;
    const auto steps = playing->session.advance(now_.mono);
    if (playing->session.state() == SessionState::finished) {
        close(tx, deck, steps, false);
        listening_.sayState(tx, deck, nullptr, now_);
    } else if (!steps.empty()) {
        keep(tx, *playing, steps);
    } else if (now_.mono - playing->saved_at >= saveEvery) {
        tx.plays.save(playing->id, playing->session.saved(now_.mono));
        playing->saved_at = now_.mono;
    }
}

void Listening::Change::undo(Tx& tx, PlayId play) {
    const auto row = tx.plays.find(play);
    if (!row)
        return;
    OnThisDeck* playing = on(row->deck);
    if (playing && playing->id == play) {
        close(tx, row->deck, playing->session.stop(now_.mono, true), true);
        listening_.sayState(tx, row->deck, nullptr, now_);
    }
    if (row->copy)
        tx.copies.uncountPlay(*row->copy);
    tx.plays.remove(play);
}

void Listening::Change::settle(Tx& tx, PlayId play, const Release& release,
                               std::optional<CopyId> copy) {
    const auto row = tx.plays.find(play);
    if (!row)
        return;
    tx.releases.keep(release);
    tx.plays.setRelease(play, release.release_id, copy, Confidence::manual);
    OnThisDeck* playing = on(row->deck);
    if (!playing || playing->id != play)
        return;
    playing->release = release;
    playing->copy = copy;
    playing->confidence = Confidence::manual;
    playing->session.replaceSides(sidesOf(release), now_.mono);
    keep(tx, *playing, {});
}

void Listening::Change::coverChanged(Tx& tx, ReleaseId release) {
    for (const auto& [deck, playing] : listening_.active_)
        if (playing.release.release_id == release)
            keep(tx, *on(deck), {});
}

void Listening::Change::commit() {
    for (auto& [deck, staged] : changed_) {
        listening_.active_.erase(deck);
        if (staged)
            listening_.active_.emplace(deck, std::move(*staged));
    }
    changed_.clear();
    listening_.changed_ = true;
    lock_.unlock();
    listening_.wake_.notify_all();
}

// --- Listening
// -------------------------------------------------------------------------------------------------------

Listening::Listening(UnitOfWork& store, const Clock& clock, const ReleaseLookup& catalogue,
                     std::string base_url)
    : store_(store), clock_(clock), catalogue_(catalogue), base_url_(std::move(base_url)) {}

void Listening::sayState(Tx& tx, const DeckId& deck, const OnThisDeck* on_deck, Now now) const {
    NowPlaying doc;
    if (on_deck) {
        OnDeck view{on_deck->session, on_deck->release, on_deck->copy, on_deck->confidence, {}};
        if (const auto cover = tx.covers.shown(on_deck->release.release_id, on_deck->copy))
            view.cover_url = base_url_ + coverPath(*cover);
        doc = nowPlaying(&view, now);
    }
    tx.events.append({LogRow::Kind::state, "now_playing", deck, json::write(doc), deck}, now.wall);
}

DeckId Listening::deckNamed(const ReadTx& tx, std::string_view deck) const {
    if (deck.empty())
        return tx.decks.all().at(0).id;
    if (const auto found = tx.decks.find(deck))
        return found->id;
    throw Error(ErrorCode::notFound, "There is no deck " + std::string(deck) + ".", "deck");
}

void Listening::restore() {
    const std::scoped_lock lock(mutex_);
    const Now now = clock_.now();
    store_.write([&](Tx& tx) {
        for (const PlayRow& row : tx.plays.openOnes()) {
            const auto release = tx.releases.find(row.release_id);
            if (!release)
                continue;
            PlaySession session(sidesOf(shownAt(*release, now.wall)), row.saved, now.mono);
            tx.plays.save(row.id, session.saved(now.mono));
            active_.insert_or_assign(row.deck,
                                     OnThisDeck{row.id, row.deck, std::move(session), *release,
                                                row.copy, row.confidence, row.how, now.mono});
        }
        for (const Deck& deck : tx.decks.all()) {
            const auto active = active_.find(deck.id);
            const auto before = tx.events.currentState("now_playing", deck.id);
            // A deck that was empty and is empty is no news; flash memory dies of such writes.
            if (active != active_.end() || !before || before->body != json::write(NowPlaying{}))
                sayState(tx, deck.id, active == active_.end() ? nullptr : &active->second, now);
        }
    });
}

void Listening::tick() {
    Change change(*this);
    std::vector<DeckId> due;
    for (const auto& [id, deck] : active_) {
        const auto next = deck.session.nextDue();
        const bool save_due = deck.session.state() == SessionState::playing &&
                              change.now_.mono - deck.saved_at >= saveEvery;
        if ((next && *next <= change.now_.mono) || save_due)
            due.push_back(id);
    }
    if (due.empty())
        return;
    store_.write([&](Tx& tx) {
        for (const DeckId& deck : due)
            change.advance(tx, deck);
    });
    change.commit();
}

std::optional<MonoTime> Listening::nextDue() const {
    std::optional<MonoTime> soonest;
    for (const auto& [id, deck] : active_) {
        auto next = deck.session.nextDue();
        if (deck.session.state() == SessionState::playing)
            next = std::min(next.value_or(MonoTime::max()), deck.saved_at + saveEvery);
        if (next && (!soonest || *next < *soonest))
            soonest = next;
    }
    return soonest;
}

void Listening::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            changed_ = false;
            // A failed write is tried again a second later, not in a tight loop.
            const Millis wait = nextDue() ? std::clamp(Millis(*nextDue() - clock_.now().mono),
                                                       Millis(0), Millis(60s))
                                          : Millis(60s);
            wake_.wait_for(lock, stop, wait, [this] { return changed_; });
        }
        if (stop.stop_requested())
            break;
        try {
            tick();
        } catch (const Error&) {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, stop, 1s, [] { return false; });
        }
    }
    const std::scoped_lock lock(mutex_);
    const Now now = clock_.now();
    if (!active_.empty())
        store_.write([&](Tx& tx) {
            for (const auto& [id, deck] : active_)
                tx.plays.save(deck.id, deck.session.saved(now.mono));
        });
}

std::int64_t Listening::play(std::string_view deck, const PlayRequest& request, bool start) {
    if (request.copy_id.has_value() == request.release_id.has_value())
        throw Error(ErrorCode::invalid, "Say either copy_id or release_id.", "copy_id");
    std::optional<Release> from_catalogue;
    if (request.release_id)
        from_catalogue = catalogue_.release(*request.release_id);
    Change change(*this);
    const std::int64_t seq = store_.write([&](Tx& tx) {
        const DeckId id = deckNamed(tx.reading(), deck);
        RecordOnDeck record;
        record.how = "manual";
        record.confidence = Confidence::manual;
        record.start = start;
        ReleaseId release_id = request.release_id.value_or(0);
        if (request.copy_id) {
            const auto copy = tx.copies.find(*request.copy_id);
            if (!copy || copy->deleted_at)
                throw Error(ErrorCode::notFound,
                            "There is no copy " + request.copy_id->text() + ".", "copy_id");
            record.copy = copy->id;
            if (copy->pressing_open)
                record.confidence = Confidence::guess;
            release_id = copy->release_id;
        }
        const auto stored = tx.releases.find(release_id);
        if (!stored && !from_catalogue)
            throw Error(ErrorCode::notFound,
                        "There is no release " + std::to_string(release_id) + ".", "release_id");
        record.release = stored ? *stored : *from_catalogue;
        record.side = sideIndex(sidesOf(shownAt(record.release, clock_.now().wall)), request.side);
        change.put(tx, id, record);
        return tx.events.newest();
    });
    change.commit();
    return seq;
}

namespace {

/// One command on a deck that has to have a record on it.
template <class Act>
std::int64_t onDeck(Listening::Change& change, UnitOfWork& store,
                    const std::function<DeckId(const ReadTx&)>& name, Act act) {
    const std::int64_t seq = store.write([&](Tx& tx) {
        const DeckId id = name(tx.reading());
        if (!act(tx, id))
            throw Error(ErrorCode::noRecord, "There is no record on deck " + id + ".", "deck");
        return tx.events.newest();
    });
    change.commit();
    return seq;
}

} // namespace

std::int64_t Listening::flip(std::string_view deck) {
    Change change(*this);
    return onDeck(
        change, store_, [&](const ReadTx& tx) { return deckNamed(tx, deck); },
        [&](Tx& tx, const DeckId& id) { return change.flip(tx, id); });
}

std::int64_t Listening::stop(std::string_view deck) {
    Change change(*this);
    return onDeck(
        change, store_, [&](const ReadTx& tx) { return deckNamed(tx, deck); },
        [&](Tx& tx, const DeckId& id) { return change.stop(tx, id); });
}

std::int64_t Listening::seek(std::string_view deck, const SeekRequest& request) {
    Change change(*this);
    return onDeck(
        change, store_, [&](const ReadTx& tx) { return deckNamed(tx, deck); },
        [&](Tx& tx, const DeckId& id) { return change.seek(tx, id, request); });
}

std::string Listening::nowPlayingDocument(std::string_view deck) const {
    return store_.read([&](const ReadTx& tx) {
        const auto row = tx.events.currentState("now_playing", deckNamed(tx, deck));
        if (!row)
            throw Error(ErrorCode::unavailable, "The deck's state is not known yet; try again.");
        return document(*row);
    });
}

std::vector<Deck> Listening::decks() const {
    return store_.read([](const ReadTx& tx) { return tx.decks.all(); });
}

} // namespace gatefold
