#include "core/error.hpp"
#include "store/repositories.hpp"

#include <array>
#include <chrono>
#include <random>

namespace gatefold::store {

namespace {

using namespace std::chrono_literals;

const std::string columns = "e.seq, e.id, e.kind, e.at_ms, e.name, e.deck, e.body, e.prev, e.expires_ms";

LogRow logRowOf(Query& row) {
    LogRow log;
    log.seq = row.integer(0);
    log.id = row.text(1);
    log.kind = static_cast<LogRow::Kind>(row.integer(2));
    log.at = row.time(3);
    log.name = row.text(4);
    log.deck = row.text(5);
    log.body = row.text(6);
    log.prev = row.integer(7);
    log.expires_at = row.maybeTime(8);
    return log;
}

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
    db_.query("INSERT INTO event_log(id, kind, at_ms, name, deck, stream, body, prev, expires_ms) VALUES (?,?,?,?,?,?,?,?,?)")
        .with(row.id, static_cast<int>(row.kind), row.at, row.name, row.deck, event.stream, row.body, row.prev, row.expires_at)
        .run();
    row.seq = db_.lastRowId();
    if (event.kind != LogRow::Kind::scanResult)
        intoOutbox(row);
    appended_ = true;
    return row;
}

void EventTable::intoOutbox(const LogRow& row) {
    if (row.kind == LogRow::Kind::state) {
        db_.query("UPDATE outbox SET status = 4 WHERE status = 0 AND seq = (SELECT seq FROM current_states WHERE name = ? AND deck = ?)")
            .with(row.name, row.deck)
            .run();
        db_.query("INSERT INTO current_states VALUES (?,?,?) ON CONFLICT(name, deck) DO UPDATE SET seq = excluded.seq")
            .with(row.name, row.deck, row.seq)
            .run();
    }
    for (const std::string& sink : sinks_)
        db_.query("INSERT INTO outbox(sink, seq) VALUES (?,?)").with(sink, row.seq).run();
}

bool EventTable::takeAppended() { return std::exchange(appended_, false); }

std::vector<LogRow> EventTable::after(std::int64_t seq, int limit) const {
    std::vector<LogRow> rows;
    Query query = db_.query("SELECT " + columns + " FROM event_log e WHERE e.seq > ? ORDER BY e.seq LIMIT ?");
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
    Query query = db_.query("SELECT max(seq) FROM event_log");
    query.step();
    return query.integer(0);
}

std::vector<LogRow> EventTable::currentStates() const {
    std::vector<LogRow> rows;
    Query query = db_.query("SELECT " + columns + " FROM current_states s JOIN event_log e ON e.seq = s.seq ORDER BY e.seq");
    while (query.step())
        rows.push_back(logRowOf(query));
    return rows;
}

std::optional<LogRow> EventTable::currentState(std::string_view name, std::string_view deck) const {
    Query query = db_.query("SELECT " + columns + " FROM current_states s JOIN event_log e ON e.seq = s.seq WHERE s.name = ? AND s.deck = ?");
    return query.with(name, deck).step() ? std::optional(logRowOf(query)) : std::nullopt;
}

std::vector<OutboxRow> OutboxTable::due(std::string_view sink, WallTime now, int limit) {
    db_.query("UPDATE outbox SET status = 3 WHERE sink = ? AND status = 0 AND seq IN (SELECT e.seq FROM outbox o JOIN event_log e ON "
              "e.seq = o.seq WHERE o.sink = ? AND o.status = 0 AND e.expires_ms < ?)")
        .with(sink, sink, now)
        .run();
    // A state waits behind an older row of its stream that is parked; events are facts of their own and go on.
    std::vector<OutboxRow> rows;
    Query query = db_.query("SELECT " + columns + ", e.stream, o.attempts, o.last_error FROM outbox o JOIN event_log e ON e.seq = o.seq "
                            "WHERE o.sink = ? AND o.status = 0 AND o.not_before_ms <= ? AND NOT (e.kind = 1 AND EXISTS (SELECT 1 FROM "
                            "outbox p JOIN event_log f ON f.seq = p.seq WHERE p.sink = o.sink AND p.status = 2 AND p.seq < o.seq AND "
                            "f.stream = e.stream)) ORDER BY o.seq LIMIT ?");
    query.with(sink, now, limit);
    while (query.step())
        rows.push_back({logRowOf(query), query.text(9), static_cast<int>(query.integer(10)), query.text(11)});
    return rows;
}

void OutboxTable::done(std::string_view sink, std::span<const std::int64_t> seqs, WallTime now) {
    for (const std::int64_t seq : seqs)
        db_.query("UPDATE outbox SET status = 1, sent_ms = ? WHERE sink = ? AND seq = ?").with(now, sink, seq).run();
}

void OutboxTable::retryLater(std::string_view sink, std::int64_t seq, WallTime not_before, std::string_view error) {
    db_.query("UPDATE outbox SET attempts = attempts + 1, not_before_ms = ?, last_error = ? WHERE sink = ? AND seq = ?")
        .with(not_before, error, sink, seq)
        .run();
}

void OutboxTable::park(std::string_view sink, std::int64_t seq, std::string_view error) {
    db_.query("UPDATE outbox SET status = 2, attempts = attempts + 1, last_error = ? WHERE sink = ? AND seq = ?")
        .with(error, sink, seq)
        .run();
}

void OutboxTable::unpark(std::string_view sink, std::int64_t seq) {
    db_.query("UPDATE outbox SET status = 0, not_before_ms = 0 WHERE sink = ? AND seq = ? AND status = 2").with(sink, seq).run();
}

void OutboxTable::drop(std::string_view sink, std::int64_t seq) {
    db_.query("UPDATE outbox SET status = 5 WHERE sink = ? AND seq = ? AND status IN (0, 2)").with(sink, seq).run();
}

std::vector<OutboxRow> OutboxTable::parked(std::string_view sink) const {
    std::vector<OutboxRow> rows;
    Query query = db_.query("SELECT " + columns + ", e.stream, o.attempts, o.last_error FROM outbox o JOIN event_log e ON e.seq = o.seq "
                            "WHERE o.sink = ? AND o.status = 2 ORDER BY o.seq");
    query.with(sink);
    while (query.step())
        rows.push_back({logRowOf(query), query.text(9), static_cast<int>(query.integer(10)), query.text(11)});
    return rows;
}

OutboxStats OutboxTable::stats(std::string_view sink, WallTime now) const {
    OutboxStats stats;
    Query waiting = db_.query("SELECT count(*), min(e.at_ms) FROM outbox o JOIN event_log e ON e.seq = o.seq WHERE o.sink = ? AND o.status = 0");
    waiting.with(sink).step();
    stats.pending = waiting.integer(0);
    if (stats.pending > 0)
        stats.oldest_s = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - waiting.time(1)).count());
    Query parked_rows = db_.query("SELECT count(*) FROM outbox WHERE sink = ? AND status = 2");
    parked_rows.with(sink).step();
    stats.parked = parked_rows.integer(0);
    Query expired_rows = db_.query("SELECT count(*) FROM outbox WHERE sink = ? AND status = 3");
    expired_rows.with(sink).step();
    stats.expired = expired_rows.integer(0);
    return stats;
}

int OutboxTable::tidy(WallTime now) {
    constexpr int atOnce = 500;
    constexpr int mostKept = 50'000;
    constexpr int mostPending = 200'000;
    const WallTime week_ago = now - 168h;
    // Over the cap the oldest rows go as expired; `played` never: it counts.
    db_.query("UPDATE outbox SET status = 3 WHERE status = 0 AND seq <= (SELECT seq FROM outbox WHERE status = 0 ORDER BY seq DESC LIMIT 1 "
              "OFFSET ?) AND seq IN (SELECT seq FROM event_log WHERE name <> 'played')")
        .with(mostPending)
        .run();
    // What no sink waits for, is no current state and is old enough, or more than enough.
    return db_
        .query("DELETE FROM event_log WHERE seq IN (SELECT e.seq FROM event_log e WHERE (e.at_ms < ? OR e.seq < (SELECT max(seq) - ? FROM "
               "event_log)) AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.seq = e.seq AND o.status IN (0, 2)) AND NOT EXISTS (SELECT 1 "
               "FROM current_states s WHERE s.seq = e.seq) ORDER BY e.seq LIMIT ?)")
        .with(week_ago, mostKept, atOnce)
        .run();
}

void OutboxTable::rememberTopic(std::string_view topic) {
    db_.query("INSERT INTO published_topics VALUES (?) ON CONFLICT DO NOTHING").with(topic).run();
}

void OutboxTable::forgetTopic(std::string_view topic) { db_.query("DELETE FROM published_topics WHERE topic = ?").with(topic).run(); }

std::vector<std::string> OutboxTable::rememberedTopics() const {
    std::vector<std::string> topics;
    Query query = db_.query("SELECT topic FROM published_topics ORDER BY topic");
    while (query.step())
        topics.push_back(query.text(0));
    return topics;
}

} // namespace gatefold::store
