#include "core/error.hpp"
#include "store/log_rows.hpp"
#include "store/repositories.hpp"

#include <array>
#include <random>
#include <utility>

namespace gatefold::store {

namespace {

std::string newId(WallTime at) {
    thread_local std::random_device source;
    std::array<unsigned char, 10> random{};
    for (std::size_t i = 0; i < random.size(); i += 2) {
        const auto bits = source();
        random[i] = static_cast<unsigned char>(bits);
        random[i + 1] = static_cast<unsigned char>(bits >> 8);
    }
    return ulid(at, random);
}

} // namespace

LogRow EventTable::append(const NewEvent& event, WallTime now) {
    LogRow row;
    row.id = newId(now);
    row.kind = event.kind;
    row.at = now;
    row.name = event.name;
    row.deck = event.deck;
    row.body = event.body;
    if (event.kind == LogRow::Kind::event) {
        const EventType* type = findEventType(event.name);
        if (!type)
            throw Error(ErrorCode::internal, "There is no event type " + event.name + ".");
        row.expires_at = now + type->expires_after;
        Query last = db_.query("SELECT max(seq) FROM event_log WHERE kind = 0");
        last.step();
        row.prev = last.integer(0);
    }
    db_.query("INSERT INTO event_log(id, kind, at_ms, name, deck, stream, body, prev, expires_ms) "
              "VALUES (?,?,?,?,?,?,?,?,?)")
        .with(row.id, static_cast<int>(row.kind), row.at, row.name, row.deck, event.stream,
              row.body, row.prev, row.expires_at)
        .run();
    row.seq = db_.lastRowId();
    if (event.kind != LogRow::Kind::scanResult)
        intoOutbox(row);
    appended_ = true;
    return row;
}

void EventTable::intoOutbox(const LogRow& row) {
    if (row.kind == LogRow::Kind::state) {
        db_.query("UPDATE outbox SET status = 4 WHERE status = 0 AND seq = (SELECT seq FROM "
                  "current_states WHERE name = ? AND deck = ?)")
            .with(row.name, row.deck)
            .run();
        db_.query("INSERT INTO current_states VALUES (?,?,?) ON CONFLICT(name, deck) DO UPDATE SET "
                  "seq = excluded.seq")
            .with(row.name, row.deck, row.seq)
            .run();
    }
    for (const std::string& sink : sinks_)
        db_.query("INSERT INTO outbox(seq, sink) VALUES (?,?)").with(row.seq, sink).run();
}

bool EventTable::takeAppended() {
    return std::exchange(appended_, false);
}

std::vector<LogRow> EventTable::after(std::int64_t seq, int limit) const {
    std::vector<LogRow> rows;
    Query query = db_.query("SELECT " + std::string(logColumns) +
                            " FROM event_log e WHERE e.seq > ? ORDER BY e.seq LIMIT ?");
    query.with(seq, limit);
    while (query.step())
        rows.push_back(logRowOf(query));
    return rows;
}

std::int64_t EventTable::oldest() const {
    Query query = db_.query("SELECT min(seq) FROM event_log");
    query.step();
    return query.integer(0);
}

std::int64_t EventTable::newest() const {
    // Rows go, their numbers do not.
    Query query = db_.query("SELECT seq FROM sqlite_sequence WHERE name = 'event_log'");
    return query.step() ? query.integer(0) : 0;
}

std::vector<LogRow> EventTable::currentStates() const {
    std::vector<LogRow> rows;
    Query query =
        db_.query("SELECT " + std::string(logColumns) +
                  " FROM current_states s JOIN event_log e ON e.seq = s.seq ORDER BY e.seq");
    while (query.step())
        rows.push_back(logRowOf(query));
    return rows;
}

std::optional<LogRow> EventTable::currentState(std::string_view name, std::string_view deck) const {
    Query query = db_.query(
        "SELECT " + std::string(logColumns) +
        " FROM current_states s JOIN event_log e ON e.seq = s.seq WHERE s.name = ? AND s.deck = ?");
    return query.with(name, deck).step() ? std::optional(logRowOf(query)) : std::nullopt;
}

} // namespace gatefold::store
