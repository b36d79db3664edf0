#include "app/inbox.hpp"

#include "app/collection.hpp"
#include "core/error.hpp"
#include "core/gtin.hpp"
#include "core/text.hpp"

#include <utility>

namespace gatefold {

namespace {

std::string learnKey(const std::string& code) {
    const GtinKeys keys = gtinKeysOfScan(trimmed(code));
    return keys.strict.empty() ? std::string(trimmed(code)) : keys.strict.front().text();
}

/// The copy that waits gets its pressing.
void settleCopy(Tx& tx, CopyId id, const Release& release, WallTime now) {
    auto copy = tx.copies.find(id);
    if (!copy || copy->deleted_at)
        return;
    copy->release_id = release.release_id;
    copy->pressing_open = false;
    tx.copies.save(*copy, std::nullopt);
    tellCollection(tx, "copy_changed", id, release, now);
}

} // namespace

InboxDesk::InboxDesk(UnitOfWork& store, const Clock& clock, const Identification& identification,
                     Listening& listening)
    : store_(store), clock_(clock), identification_(identification), listening_(listening) {}

InboxItem InboxDesk::present(const ReadTx& tx, const InboxRow& row) const {
    InboxItem item{row.id, row.kind,    row.scan_id, row.code, row.source,
                   row.at, row.copy_id, {},          {}};
    item.candidates = identification_.candidates(tx, row.code);
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
    return store_.read([&](const ReadTx& tx) {
        const auto row = tx.inbox.find(id);
        if (!row)
            throw Error(ErrorCode::notFound, "There is no inbox item " + id.text() + ".", "id");
        return present(tx, *row);
    });
}

InboxItem InboxDesk::resolve(InboxId id, const Resolution& resolution) {
    const bool dismiss = resolution.dismiss.value_or(false);
    if (int(resolution.release_id.has_value()) + int(resolution.answer.given) + int(dismiss) != 1)
        throw Error(ErrorCode::invalid, "Say one of release_id, answer and dismiss.", "release_id");
    const Now now = clock_.now();
    Listening::Change change(listening_);
    const InboxItem settled = store_.write([&](Tx& tx) {
        const auto row = tx.inbox.find(id);
        if (!row)
            throw Error(ErrorCode::notFound, "There is no inbox item " + id.text() + ".", "id");
        if (row->settled)
            throw Error(ErrorCode::conflict, "This item is settled already.", "id");
        const InboxItem item = present(tx.reading(), *row);
        if (resolution.answer.given)
            throw Error(ErrorCode::invalid,
                        "This item asks no question: choose a release or dismiss it.", "answer");
        if (dismiss) {
            tx.inbox.settle(id);
            return item;
        }
        const auto release = identification_.release(tx.reading(), *resolution.release_id);
        if (!release)
            throw Error(ErrorCode::notFound,
                        "There is no release " + std::to_string(*resolution.release_id) + ".",
                        "release_id");
        tx.releases.keep(*release);
        if (row->copy_id)
            settleCopy(tx, *row->copy_id, *release, now.wall);
        if (row->play_id)
            change.settle(tx, *row->play_id, *release, row->copy_id);
        if (row->kind != InboxKind::blankLabel)
            tx.learned.learn(learnKey(row->code), release->release_id, now.wall);
        tx.inbox.settle(id);
        return item;
    });
    change.commit();
    return settled;
}

} // namespace gatefold
