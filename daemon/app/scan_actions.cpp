#include "app/scan_actions.hpp"

#include "app/collection.hpp"
#include "app/inbox.hpp"

#include <string>
#include <utility>

namespace gatefold {

namespace {

std::string titleOf(const Release& release) {
    return release.artist + " – " + release.title;
}

/// "1 copy, Shelf A2, Ben"
std::string whereabouts(const ReadTx& tx, CopyId id, std::size_t copies) {
    std::string out = copies == 1 ? "1 copy" : std::to_string(copies) + " copies";
    const auto view = tx.copies.view(id);
    if (view && view->location)
        out += ", " + view->location->path;
    if (view && view->owner)
        out += ", " + view->owner->name;
    return out;
}

std::string openPressings(const Identified& found) {
    return std::to_string(found.candidates.size()) + " pressings under this code";
}

RecordOnDeck recordFor(const ScanCase& scan, const Release& release, std::optional<CopyId> copy,
                       bool guessed) {
    RecordOnDeck record;
    record.release = release;
    record.copy = copy;
    record.person = scan.scan.context.person;
    record.confidence = guessed ? Confidence::guess : Confidence::scanned;
    return record;
}

PlayId play(ScanCase& scan, const RecordOnDeck& record) {
    return scan.late ? scan.listening.putInterrupted(scan.tx, scan.deck, record)
                     : scan.listening.put(scan.tx, scan.deck, record);
}

void actOnOwned(ScanCase& scan, const Identified& found, const Release& release, ScanDone& done) {
    const ReadTx reading = scan.tx.reading();
    const std::string where = whereabouts(reading, *found.copy, found.copies);
    done.answer.copy_id = found.copy;
    done.answer.release_id = found.release_id;
    switch (done.answer.outcome) {
    case Outcome::played: {
        const auto copy = scan.tx.copies.find(*found.copy);
        done.effect.played =
            play(scan, recordFor(scan, release, found.copy, copy && copy->pressing_open));
        done.answer.message = "Playing " + titleOf(release) + " (" + where + ").";
        return;
    }
    case Outcome::duplicate:
        done.answer.message =
            "You own this: " + titleOf(release) + " (" + where + "). Scan COPY to add another one.";
        return;
    default: done.answer.message = titleOf(release) + ": " + where + "."; return;
    }
}

void actOnOneRelease(ScanCase& scan, const Release& release, ScanDone& done) {
    done.answer.release_id = release.release_id;
    switch (done.answer.outcome) {
    case Outcome::played:
        done.effect.played = play(scan, recordFor(scan, release, {}, false));
        done.answer.message = "Playing " + titleOf(release) + ", not in the collection.";
        return;
    case Outcome::added: {
        const CopyId copy = addCopy(scan, release, false);
        done.answer.copy_id = copy;
        done.effect.added_copy = copy;
        done.answer.message = "Added " + titleOf(release) + ".";
        return;
    }
    default: done.answer.message = titleOf(release) + ": not in the collection."; return;
    }
}

/// Several pressings of one album: it plays, or a copy is made, with the pressing open.
void goOnWithPressingOpen(ScanCase& scan, const Identified& found, const Release& guess,
                          ScanDone& done) {
    std::optional<CopyId> copy;
    std::optional<PlayId> playing;
    if (scan.scan.context.mode == Mode::add) {
        copy = addCopy(scan, guess, true);
        done.answer.copy_id = copy;
        done.effect.added_copy = copy;
        done.answer.message =
            "Added " + titleOf(guess) + ", pressing open: " + openPressings(found) + ".";
    } else {
        playing = play(scan, recordFor(scan, guess, {}, true));
        done.effect.played = playing;
        done.answer.message =
            "Playing " + titleOf(guess) + ", pressing open: " + openPressings(found) + ".";
    }
    const InboxId item = intoInbox(scan, InboxKind::pressingOpen, found.text, copy, playing);
    done.answer.inbox_id = item;
    done.effect.inbox = item;
}

void actOnAmbiguous(ScanCase& scan, const Identified& found, const std::optional<Release>& guess,
                    ScanDone& done) {
    if (found.code == CodeIs::severalPressings && found.same_album && guess) {
        goOnWithPressingOpen(scan, found, *guess, done);
        return;
    }
    const InboxId item = intoInbox(scan, InboxKind::pressingOpen, found.text, {}, {});
    done.answer.inbox_id = item;
    done.effect.inbox = item;
    done.answer.message =
        found.code == CodeIs::weakOnly
            ? "Perhaps " + found.candidates.front().artist + " – " +
                  found.candidates.front().title + "? It waits in the inbox; nothing else was done."
            : "Different records share this code. It waits in the inbox; nothing else was done.";
}

void actOnUnknown(ScanCase& scan, const Identified& found, ScanDone& done) {
    const InboxKind kind = found.label ? InboxKind::blankLabel : InboxKind::unknown;
    const InboxId item = intoInbox(scan, kind, found.text, {}, {});
    done.answer.inbox_id = item;
    done.effect.inbox = item;
    done.answer.message = found.label ? "A blank label. Say in the inbox which record it is on."
                                      : "Not known. It waits in the inbox.";
}

std::string lookedUp(const Identified& found) {
    const Candidate& first = found.candidates.front();
    const std::string best = first.artist + " – " + first.title;
    return found.code == CodeIs::weakOnly ? "Perhaps " + best + "."
                                          : best + ": " + openPressings(found) + ", none owned.";
}

} // namespace

CopyId addCopy(ScanCase& scan, const Release& release, bool pressing_open) {
    scan.tx.releases.keep(release);
    Copy copy = copyAt(scan.scan.context, release.release_id, scan.now.wall);
    copy.pressing_open = pressing_open;
    const CopyId id = scan.tx.copies.insert(copy);
    tellCollection(scan.tx, "copy_added", id, release, scan.now.wall);
    return id;
}

InboxId intoInbox(ScanCase& scan, InboxKind kind, const std::string& code,
                  std::optional<CopyId> copy, std::optional<PlayId> play_id) {
    // A play session that goes on is settled with its own item: joining an older one would leave it
    // open for ever.
    if (!play_id)
        if (const auto open = scan.tx.inbox.same(kind, code, copy))
            return open->id;
    return scan.tx.inbox.insert(
        {{}, kind, scan.id, code, scan.scan.source, scan.now.wall, copy, play_id, false});
}

ScanDone actOnCode(ScanCase& scan, const Identified& found) {
    ScanDone done;
    done.answer.id = scan.id;
    done.answer.outcome = outcomeFor(found.code, scan.scan.context.mode);
    if (found.gtin)
        done.answer.gtin = *found.gtin;
    done.code = found.text;
    if (found.release_id != 0)
        done.record = scan.identification.release(scan.tx.reading(), found.release_id);

    if (found.code == CodeIs::damaged)
        done.answer.message = found.reason;
    else if (found.code == CodeIs::nothingKnown ||
             ((found.copy || found.code == CodeIs::oneRelease) && !done.record)) {
        done.answer.outcome = Outcome::unknown;
        actOnUnknown(scan, found, done);
    } else if (found.copy)
        actOnOwned(scan, found, *done.record, done);
    else if (found.code == CodeIs::oneRelease)
        actOnOneRelease(scan, *done.record, done);
    else if (done.answer.outcome == Outcome::ambiguous)
        actOnAmbiguous(scan, found, done.record, done);
    else
        done.answer.message = lookedUp(found);
    return done;
}

bool takeBack(Tx& tx, Listening::Change& listening, const ScanRecord& record, Now now) {
    ScanEffect effect = record.effect;
    const bool had_some = effect.added_copy || effect.played || effect.flipped_deck ||
                          effect.context_before || effect.inbox;
    if (!had_some || effect.undone)
        return false;
    if (effect.played)
        listening.undo(tx, *effect.played);
    if (effect.added_copy) {
        auto copy = tx.copies.find(*effect.added_copy);
        if (copy && !copy->deleted_at) {
            copy->deleted_at = now.wall;
            tx.copies.save(*copy, std::nullopt);
            if (const auto release = tx.releases.find(copy->release_id))
                tellCollection(tx, "copy_removed", copy->id, *release, now.wall);
        }
    }
    if (effect.flipped_deck)
        listening.unflip(tx, *effect.flipped_deck);
    if (effect.context_before)
        tx.scans.keepContext(record.scan.source, {*effect.context_before, now.wall});
    if (effect.labelled)
        tx.copies.freeLabel(*effect.labelled);
    if (effect.inbox) {
        tx.inbox.settle(*effect.inbox);
        tellInbox(tx, *effect.inbox, now.wall);
    }
    effect.undone = true;
    tx.scans.setEffect(record.id, effect);
    return true;
}

} // namespace gatefold
