#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdint>

namespace gatefold::store {

namespace {

const std::string selectItems =
    "SELECT id, kind, scan, code, source, at_ms, copy, play, settled, answers, release "
    "FROM inbox ";

InboxRow inboxRowOf(Query& row) {
    InboxRow item;
    item.id = {row.integer(0)};
    parseName(row.text(1), item.kind);
    item.scan_id = {row.integer(2)};
    item.code = row.text(3);
    item.source = row.text(4);
    item.at = row.time(5);
    item.copy_id = row.maybeId<CopyId>(6);
    item.play_id = row.maybeId<PlayId>(7);
    item.settled = row.boolean(8);
    if (!row.null(9))
        item.answers = json::read<InboxAnswers>(json::parse(row.text(9)));
    if (!row.null(10))
        item.release_id = row.integer(10);
    return item;
}

} // namespace

InboxId InboxTable::insert(const InboxRow& row) {
    db_.query(
           "INSERT INTO inbox(kind, scan, code, source, at_ms, copy, play) VALUES (?,?,?,?,?,?,?)")
        .with(nameOf(row.kind), row.scan_id, row.code, row.source, row.at, row.copy_id, row.play_id)
        .run();
    return {db_.lastRowId()};
}

void InboxTable::settle(InboxId id) {
    db_.query("UPDATE inbox SET settled = 1 WHERE id = ?").with(id).run();
}

void InboxTable::settleAs(InboxId id, ReleaseId release) {
    db_.query("UPDATE inbox SET settled = 1, release = ? WHERE id = ?").with(release, id).run();
}

void InboxTable::reopen(InboxId id) {
    db_.query("UPDATE inbox SET settled = 0, release = NULL WHERE id = ?").with(id).run();
}

void InboxTable::keepAnswers(InboxId id, const InboxAnswers& answers) {
    db_.query("UPDATE inbox SET answers = ? WHERE id = ?").with(json::write(answers), id).run();
}

void InboxTable::setCopy(InboxId id, std::optional<CopyId> copy) {
    db_.query("UPDATE inbox SET copy = ? WHERE id = ?").with(copy, id).run();
}

std::optional<InboxRow> InboxTable::find(InboxId id) const {
    Query query = db_.query(selectItems + "WHERE id = ?");
    return query.with(id).step() ? std::optional(inboxRowOf(query)) : std::nullopt;
}

Page<InboxRow> InboxTable::open(const PageRequest& request) const {
    Page<InboxRow> page;
    const int size = pageSize(request);
    Query query = db_.query(selectItems + "WHERE settled = 0 AND id < ? ORDER BY id DESC LIMIT ?");
    query.with(cursorRow(request).value_or(INT64_MAX), size + 1);
    while (query.step())
        page.items.push_back(inboxRowOf(query));
    cutPage(page, size, [](const InboxRow& last) { return std::to_string(last.id.value); });
    Query count = db_.query("SELECT count(*) FROM inbox WHERE settled = 0");
    count.step();
    page.total = count.integer(0);
    return page;
}

std::vector<InboxRow> InboxTable::ofCopy(CopyId copy) const {
    std::vector<InboxRow> rows;
    Query query = db_.query(selectItems + "WHERE copy = ? AND settled = 0 ORDER BY id");
    query.with(copy);
    while (query.step())
        rows.push_back(inboxRowOf(query));
    return rows;
}

std::vector<InboxRow> InboxTable::ofCode(std::string_view code) const {
    std::vector<InboxRow> rows;
    Query query =
        db_.query(selectItems + "WHERE code = ? AND copy IS NULL AND settled = 0 ORDER BY id");
    query.with(code);
    while (query.step())
        rows.push_back(inboxRowOf(query));
    return rows;
}

std::optional<InboxRow> InboxTable::same(InboxKind kind, std::string_view code,
                                         std::optional<CopyId> copy) const {
    Query query =
        db_.query(selectItems + "WHERE code = ? AND kind = ? AND copy IS ? AND play IS NULL "
                                "AND settled = 0 ORDER BY id LIMIT 1");
    return query.with(code, nameOf(kind), copy).step() ? std::optional(inboxRowOf(query))
                                                       : std::nullopt;
}

} // namespace gatefold::store
