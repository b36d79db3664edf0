#include "app/scan_actions.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr auto undoReach = 30min;
constexpr int undoDepth = 200;

void changeContext(ScanCase& scan, ScanDone& done, const SourceContext& context) {
    done.effect.context_before = scan.scan.context;
    scan.tx.scans.keepContext(scan.scan.source, {context, scan.now.wall});
}

void setMode(ScanCase& scan, ScanDone& done, Mode mode) {
    // Inventory, lending and returning come with the collection's later parts; their cards already
    // exist in the number plan.
    if (mode > Mode::lookup) {
        done.answer.message = "Mode " + std::string(nameOf(mode)) +
                              " is not available in this version; the mode stays " +
                              std::string(nameOf(scan.scan.context.mode)) + ".";
        return;
    }
    SourceContext context = scan.scan.context;
    context.mode = mode;
    changeContext(scan, done, context);
    done.answer.message = "Mode: " + std::string(nameOf(mode)) + ".";
}

void undoLast(ScanCase& scan, ScanDone& done) {
    const auto recent =
        scan.tx.scans.recentOf(scan.scan.source, scan.now.wall - undoReach, undoDepth);
    for (const ScanRecord& record : recent)
        if (takeBack(scan.tx, scan.listening, record, scan.now)) {
            done.answer.message = "Taken back: " + printable(trimmed(record.scan.raw), 40) + ".";
            return;
        }
    done.answer.message = "There is nothing to take back.";
}

/// The last code of this source that was no card: what COPY is about.
std::optional<Identified> lastRecord(ScanCase& scan) {
    const auto recent =
        scan.tx.scans.recentOf(scan.scan.source, scan.now.wall - undoReach, undoDepth);
    for (const ScanRecord& record : recent) {
        if (!record.answer || record.answer->outcome == Outcome::control)
            continue;
        return scan.identification.identify(scan.tx.reading(), record.scan.raw,
                                            record.scan.symbology, scan.scan.context.person);
    }
    return std::nullopt;
}

void addOneMore(ScanCase& scan, ScanDone& done) {
    const auto found = lastRecord(scan);
    const auto release = found && found->release_id != 0
                             ? scan.identification.release(scan.tx.reading(), found->release_id)
                             : std::nullopt;
    if (!release || found->code == CodeIs::weakOnly) {
        done.answer.message = "Scan a record first: COPY adds one more of it.";
        return;
    }
    const auto pressings = scan.identification.candidates(scan.tx.reading(), found->text);
    const bool taught = scan.tx.learned.find(found->key).has_value() || found->label.has_value();
    const auto exact = std::count_if(pressings.begin(), pressings.end(), [](const Candidate& c) {
        return c.match == MatchKind::exact;
    });
    const bool open = !taught && exact > 1;
    const CopyId copy = addCopy(scan, *release, open);
    done.effect.added_copy = copy;
    done.answer.copy_id = copy;
    done.answer.message = "Added one more copy of " + release->artist + " – " + release->title;
    if (open) {
        const InboxId item = intoInbox(scan, InboxKind::pressingOpen, found->text, copy, {});
        done.answer.inbox_id = item;
        done.effect.inbox = item;
        done.answer.message += ", pressing open";
    } else {
        done.answer.release_id = release->release_id;
    }
    done.answer.message += ".";
    done.record = release;
}

void stopDeck(ScanCase& scan, ScanDone& done) {
    done.answer.message = scan.listening.stop(scan.tx, scan.deck)
                              ? "Stopped."
                              : "There is no record on deck " + scan.deck + ".";
}

void flipDeck(ScanCase& scan, ScanDone& done) {
    if (!scan.listening.flip(scan.tx, scan.deck)) {
        done.answer.message = "There is no record on deck " + scan.deck + ".";
        return;
    }
    done.effect.flipped_deck = scan.deck;
    done.answer.message = "Flipped.";
}

void actOnControl(ScanCase& scan, ScanDone& done, std::int64_t value) {
    switch (value) {
    case card::undo: return undoLast(scan, done);
    case card::copy: return addOneMore(scan, done);
    case card::stop: return stopDeck(scan, done);
    case card::flip: return flipDeck(scan, done);
    default: break;
    }
    const std::int64_t mode = value - card::firstMode;
    if (mode >= 0 && mode < static_cast<std::int64_t>(EnumNames<Mode>::names.size()))
        return setMode(scan, done, EnumNames<Mode>::names[static_cast<std::size_t>(mode)].first);
    done.answer.message = "This card is not available in this version.";
}

} // namespace

ScanDone actOnCard(ScanCase& scan, const Identified& found) {
    ScanDone done;
    done.answer.id = scan.id;
    done.answer.outcome = Outcome::control;
    done.code = found.text;
    const PrintedCode card = *found.card;
    const ReadTx reading = scan.tx.reading();
    SourceContext context = scan.scan.context;
    switch (card.kind) {
    case PrintedKind::control: actOnControl(scan, done, card.value); break;
    case PrintedKind::person:
        context.person = PersonId{card.value};
        changeContext(scan, done, context);
        done.answer.message = "Hello " + reading.people.find(*context.person)->name + ".";
        break;
    case PrintedKind::location:
        context.location = LocationId{card.value};
        changeContext(scan, done, context);
        done.answer.message = "Location: " + reading.locations.find(*context.location)->path + ".";
        break;
    case PrintedKind::deck: {
        const auto deck = reading.decks.byNumber(card.value);
        context.deck = deck->id;
        changeContext(scan, done, context);
        done.answer.message = "Deck: " + deck->name + ".";
        break;
    }
    case PrintedKind::setup:
        done.answer.message = "Layout test: this scanner sends its text unchanged.";
        break;
    case PrintedKind::copyLabel: break;
    }
    return done;
}

} // namespace gatefold
