#include "app/inbox.hpp"

#include "app/collection.hpp"
#include "app/event_data.hpp"
#include "app/online_hits.hpp"
#include "app/own_labels.hpp"
#include "core/error.hpp"
#include "core/question.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <utility>

namespace gatefold {

namespace {

InboxRow rowOf(const ReadTx& tx, InboxId id) {
    auto row = tx.inbox.find(id);
    if (!row)
        throw Error(ErrorCode::notFound, "There is no inbox item " + id.text() + ".", "id");
    return *std::move(row);
}

Symbology symbologyOf(const ReadTx& tx, const InboxRow& row) {
    const auto record = tx.scans.find(row.scan_id);
    return record ? record->scan.symbology : Symbology::unknown;
}

bool lists(const std::vector<ReleaseId>& ids, ReleaseId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// The copy that waits gets its pressing, and so does what plays of it.
void settleCopy(Tx& tx, Listening::Change& change, CopyId id, const Release& release,
                WallTime now) {
    auto copy = tx.copies.find(id);
    if (!copy || copy->deleted_at)
        return;
    copy->release_id = release.release_id;
    copy->pressing_open = false;
    tx.copies.save(*copy, std::nullopt);
    for (const PlayRow& play : tx.plays.openOnes())
        if (play.copy == id)
            change.settle(tx, play.id, release, id);
    tellCollection(tx, "copy_changed", id, release, now);
}

std::string answersOf(const Question& question) {
    std::string out;
    for (const Answer& answer : question.answers)
        out += (out.empty() ? "" : ", ") + ('"' + answer.text + '"');
    return out;
}

} // namespace

void tellInbox(Tx& tx, InboxId id, WallTime now) {
    const auto row = tx.inbox.find(id);
    if (!row)
        return;
    const InboxEvent event{id, row->copy_id, row->settled};
    tx.events.append({LogRow::Kind::event, "inbox_changed", "", json::write(event), "collection"},
                     now);
}

InboxDesk::InboxDesk(UnitOfWork& store, const Clock& clock, const Identification& identification,
                     Listening& listening)
    : store_(store), clock_(clock), identification_(identification), listening_(listening) {}

InboxItem InboxDesk::present(const ReadTx& tx, const InboxRow& row) const {
    InboxItem item;
    item.id = row.id;
    item.kind = row.kind;
    item.scan_id = row.scan_id;
    item.code = row.code;
    item.source = row.source;
    item.at = row.at;
    item.copy_id = row.copy_id;
    item.settled = row.settled;
    item.release_id = row.release_id;
    item.candidates = identification_.candidates(tx, row.code, symbologyOf(tx, row));
    if (item.candidates.empty())
        addOnlineCandidates(tx, row.code, clock_.now().wall, item);
    const auto ruledOut = [&](const Candidate& candidate) {
        return lists(row.answers.ruled_out, candidate.release_id);
    };
    // A catalogue that was built since may know none of those that were left: then all stand again.
    if (!std::all_of(item.candidates.begin(), item.candidates.end(), ruledOut))
        std::erase_if(item.candidates, ruledOut);
    if (row.kind == InboxKind::pressingOpen && item.candidates.size() > 1) {
        identification_.addRunouts(tx, item.candidates);
        if (!row.settled)
            item.question = goodQuestion(item.candidates, row.answers.not_known);
    }
    return item;
}

Page<InboxItem> InboxDesk::open(const PageRequest& request) const {
    return store_.read([&](const ReadTx& tx) {
        const Page<InboxRow> rows = tx.inbox.open(request);
        Page<InboxItem> page;
        page.next = rows.next;
        page.total = rows.total;
        for (const InboxRow& row : rows.items)
            page.items.push_back(present(tx, row));
        return page;
    });
}

InboxItem InboxDesk::item(InboxId id) const {
    return store_.read([&](const ReadTx& tx) { return present(tx, rowOf(tx, id)); });
}

InboxItem InboxDesk::resolve(InboxId id, const Resolution& resolution) {
    const bool dismiss = resolution.dismiss.value_or(false);
    const bool again = resolution.again.value_or(false);
    if (int(resolution.release_id.has_value()) + int(resolution.answer.given) + int(dismiss) +
            int(again) !=
        1)
        throw Error(ErrorCode::invalid, "Say one of release_id, answer, dismiss and again.",
                    "release_id");
    const Now now = clock_.now();
    Listening::Change change(listening_);
    InboxItem item = store_.write([&](Tx& tx) {
        const InboxRow row = rowOf(tx.reading(), id);
        if (again) {
            askAgain(tx, row, now.wall);
        } else {
            if (row.settled)
                throw Error(ErrorCode::conflict, "This item is settled already.", "id");
            if (dismiss)
                tx.inbox.settle(id);
            else if (resolution.answer.given)
                answer(tx, change, row, resolution, now.wall);
            else
                settle(tx, change, row, *resolution.release_id, now.wall);
        }
        tellInbox(tx, id, now.wall);
        return present(tx.reading(), rowOf(tx.reading(), id));
    });
    change.commit();
    return item;
}

void InboxDesk::answer(Tx& tx, Listening::Change& change, const InboxRow& row,
                       const Resolution& resolution, WallTime now) {
    const InboxItem item = present(tx.reading(), row);
    if (!item.question)
        throw Error(ErrorCode::invalid,
                    "This item asks no question: choose a release or dismiss it.", "answer");
    const Question& question = *item.question;
    if (resolution.field && *resolution.field != question.about)
        throw Error(ErrorCode::conflict,
                    "Somebody was faster, the question now is: " + question.text, "field");
    InboxAnswers said = row.answers;
    if (!resolution.answer.value) {
        said.not_known.push_back(question.about);
        tx.inbox.keepAnswers(row.id, said);
        return;
    }
    const Answer* const given = answerOf(question, *resolution.answer.value);
    if (!given)
        throw Error(ErrorCode::invalid,
                    question.text + " \"" + printable(*resolution.answer.value) +
                        "\" is no answer to it; say " + answersOf(question) +
                        " by its value, or null.",
                    "answer");
    for (const Candidate& candidate : item.candidates)
        if (!lists(given->release_ids, candidate.release_id))
            said.ruled_out.push_back(candidate.release_id);
    tx.inbox.keepAnswers(row.id, said);
    if (given->release_ids.size() == 1)
        settle(tx, change, row, given->release_ids.front(), now);
}

void InboxDesk::settle(Tx& tx, Listening::Change& change, const InboxRow& row, ReleaseId id,
                       WallTime now) {
    const auto release = identification_.release(tx.reading(), id);
    if (!release)
        throw Error(ErrorCode::notFound, "There is no release " + std::to_string(id) + ".",
                    "release_id");
    tx.releases.keep(*release);
    if (row.copy_id)
        settleCopy(tx, change, *row.copy_id, *release, now);
    if (row.play_id)
        change.settle(tx, *row.play_id, *release, row.copy_id);
    tx.inbox.settleAs(row.id, id);
    if (row.kind == InboxKind::blankLabel) {
        putLabelOn(tx, row, *release, now);
        return;
    }
    tx.learned.learn(identification_.keyOf(row.code, symbologyOf(tx.reading(), row)), id, now);
    // What is known now is not asked again. A copy keeps its own question: it may be another
    // pressing.
    for (const InboxRow& waiting : tx.inbox.ofCode(row.code)) {
        if (waiting.kind == InboxKind::blankLabel)
            continue;
        if (waiting.play_id)
            change.settle(tx, *waiting.play_id, *release, std::nullopt);
        tx.inbox.settleAs(waiting.id, id);
        tellInbox(tx, waiting.id, now);
    }
}

void InboxDesk::askAgain(Tx& tx, const InboxRow& row, WallTime now) {
    const auto record = tx.scans.find(row.scan_id);
    if (record && record->effect.undone.value_or(false))
        throw Error(ErrorCode::conflict, "The scan of this item was taken back.", "id");
    tx.inbox.keepAnswers(row.id, {});
    tx.inbox.reopen(row.id);
    if (!row.release_id)
        return;
    if (row.kind == InboxKind::blankLabel) {
        takeLabelOff(tx, row, now);
        return;
    }
    const std::string key = identification_.keyOf(row.code, symbologyOf(tx.reading(), row));
    if (tx.learned.find(key) == row.release_id)
        tx.learned.forget(key);
    auto copy = row.copy_id ? tx.copies.find(*row.copy_id) : std::nullopt;
    if (!copy || copy->deleted_at || copy->release_id != *row.release_id)
        return;
    copy->pressing_open = true;
    tx.copies.save(*copy, std::nullopt);
    if (const auto release = tx.releases.find(copy->release_id))
        tellCollection(tx, "copy_changed", copy->id, *release, now);
}

} // namespace gatefold
