#include "core/text.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdint>

namespace gatefold::store {

namespace {

const std::string select = "SELECT id, source, raw, client_id, scanned_ms, at_ms, context, "
                           "symbology, answer, effect FROM scans ";

ScanRecord recordOf(Query& row) {
    ScanRecord record;
    record.id = {row.integer(0)};
    record.scan.source = row.text(1);
    record.scan.raw = row.text(2);
    record.scan.client_id = row.maybeText(3);
    record.scan.scanned_at = row.maybeTime(4);
    record.scan.at = row.time(5);
    record.scan.context = json::read<SourceContext>(json::parse(row.text(6)));
    record.scan.symbology = static_cast<Symbology>(row.integer(7));
    if (!row.null(8))
        record.answer = json::read<ScanAnswer>(json::parse(row.text(8)));
    if (!row.null(9))
        record.effect = json::read<ScanEffect>(json::parse(row.text(9)));
    return record;
}

std::vector<ScanRecord> all(Query& query) {
    std::vector<ScanRecord> records;
    while (query.step())
        records.push_back(recordOf(query));
    return records;
}

std::optional<ScanRecord> one(Query& query) {
    return query.step() ? std::optional(recordOf(query)) : std::nullopt;
}

ScanView viewOf(const ScanRecord& record) {
    ScanView view;
    view.id = record.id;
    view.source = record.scan.source;
    view.code = printable(record.scan.raw, 512);
    view.at = record.scan.at;
    view.scanned_at = record.scan.scanned_at;
    view.mode = record.scan.context.mode;
    view.person = record.scan.context.person;
    if (record.answer) {
        view.outcome = record.answer->outcome;
        view.gtin = record.answer->gtin;
        view.message = record.answer->message;
        view.copy_id = record.answer->copy_id;
        view.release_id = record.answer->release_id;
        view.inbox_id = record.answer->inbox_id;
    }
    view.undone = record.effect.undone.value_or(false);
    return view;
}

} // namespace

ScanId ScanTable::insert(const NewScan& scan) {
    db_.query("INSERT INTO scans(source, raw, client_id, scanned_ms, at_ms, context, symbology) "
              "VALUES (?,?,?,?,?,?,?)")
        .with(scan.source, Blob{scan.raw}, scan.client_id, scan.scanned_at, scan.at,
              json::write(scan.context), static_cast<int>(scan.symbology))
        .run();
    return {db_.lastRowId()};
}

void ScanTable::answer(ScanId id, const ScanAnswer& answer, const ScanEffect& effect) {
    db_.query("UPDATE scans SET answer = ?, effect = ? WHERE id = ?")
        .with(json::write(answer), json::write(effect), id)
        .run();
}

void ScanTable::setEffect(ScanId id, const ScanEffect& effect) {
    db_.query("UPDATE scans SET effect = ? WHERE id = ?").with(json::write(effect), id).run();
}

std::optional<ScanRecord> ScanTable::find(ScanId id) const {
    Query query = db_.query(select + "WHERE id = ?");
    return one(query.with(id));
}

std::optional<ScanRecord> ScanTable::byClientId(std::string_view client_id) const {
    Query query = db_.query(select + "WHERE client_id = ?");
    return one(query.with(client_id));
}

std::vector<ScanRecord> ScanTable::recentOf(std::string_view source, WallTime since,
                                            int limit) const {
    Query query = db_.query(
        select + "WHERE source = ? AND at_ms >= ? AND answer IS NOT NULL ORDER BY id DESC LIMIT ?");
    return all(query.with(source, since, limit));
}

std::vector<ScanRecord> ScanTable::unanswered() const {
    Query query = db_.query(select + "WHERE answer IS NULL ORDER BY id LIMIT 10000");
    return all(query);
}

Page<ScanView> ScanTable::list(const PageRequest& request) const {
    Page<ScanView> page;
    const int size = pageSize(request);
    Query query = db_.query(select + "WHERE id < ? ORDER BY id DESC LIMIT ?");
    query.with(cursorRow(request).value_or(INT64_MAX), size + 1);
    while (query.step())
        page.items.push_back(viewOf(recordOf(query)));
    cutPage(page, size, [](const ScanView& last) { return std::to_string(last.id.value); });
    Query count = db_.query("SELECT count(*) FROM scans");
    count.step();
    page.total = count.integer(0);
    return page;
}

std::optional<KeptContext> ScanTable::context(std::string_view source) const {
    Query query = db_.query("SELECT context, used_ms FROM source_contexts WHERE source = ?");
    if (!query.with(source).step())
        return std::nullopt;
    return KeptContext{json::read<SourceContext>(json::parse(query.text(0))), query.time(1)};
}

void ScanTable::keepContext(std::string_view source, const KeptContext& context) {
    db_.query("INSERT INTO source_contexts VALUES (?,?,?) ON CONFLICT(source) DO UPDATE SET "
              "context = excluded.context, "
              "used_ms = excluded.used_ms")
        .with(source, json::write(context.context), context.used_at)
        .run();
}

} // namespace gatefold::store
