#include "store/repositories.hpp"

namespace gatefold::store {

namespace {

OnlineAsk askOf(Query& row) {
    return {row.text(0), row.text(1), row.time(2)};
}

} // namespace

void OnlineTable::keep(std::string_view subject, const OnlineAsk& ask) {
    db_.query("INSERT INTO online_asks VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET found = "
              "excluded.found, due_ms = excluded.due_ms")
        .with(subject, ask.source, ask.found, ask.due_at)
        .run();
}

std::optional<OnlineAsk> OnlineTable::find(std::string_view subject,
                                           std::string_view source) const {
    Query query =
        db_.query("SELECT source, found, due_ms FROM online_asks WHERE subject = ? AND source = ?");
    return query.with(subject, source).step() ? std::optional(askOf(query)) : std::nullopt;
}

std::vector<OnlineAsk> OnlineTable::of(std::string_view subject) const {
    std::vector<OnlineAsk> asks;
    Query query = db_.query(
        "SELECT source, found, due_ms FROM online_asks WHERE subject = ? ORDER BY source");
    query.with(subject);
    while (query.step())
        asks.push_back(askOf(query));
    return asks;
}

std::vector<ReleaseId> OnlineTable::coversDue(WallTime now, int limit) const {
    std::vector<ReleaseId> ids;
    Query query = db_.query(
        "SELECT seen.release FROM (SELECT release FROM copies WHERE deleted_ms IS NULL "
        "UNION SELECT release FROM plays) AS seen JOIN releases r ON r.id = seen.release "
        "WHERE NOT EXISTS (SELECT 1 FROM release_covers c WHERE c.release = seen.release) "
        "AND NOT EXISTS (SELECT 1 FROM online_asks a WHERE a.subject = 'cover:' || seen.release "
        "AND a.due_ms > ?) ORDER BY seen.release DESC LIMIT ?");
    query.with(now, limit);
    while (query.step())
        ids.push_back(query.integer(0));
    return ids;
}

std::vector<ReleaseId> OnlineTable::factsEnding(WallTime then, int limit) const {
    std::vector<ReleaseId> ids;
    Query query = db_.query(
        "SELECT r.id FROM releases r "
        "WHERE r.show_until_ms <= ? "
        "AND (EXISTS (SELECT 1 FROM copies c WHERE c.release = r.id AND c.deleted_ms IS NULL) "
        "OR EXISTS (SELECT 1 FROM plays p WHERE p.release = r.id)) "
        "AND NOT EXISTS (SELECT 1 FROM online_asks a WHERE a.subject = 'facts:' || r.id "
        "AND a.due_ms > ?) "
        "ORDER BY r.show_until_ms LIMIT ?");
    query.with(then, then, limit);
    while (query.step())
        ids.push_back(query.integer(0));
    return ids;
}

} // namespace gatefold::store
