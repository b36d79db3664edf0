#include "store/log_rows.hpp"
#include "store/repositories.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace gatefold::store {

namespace {

using namespace std::chrono_literals;

/// Rows of one call that may turn out to be late; more wait for the next call.
constexpr std::size_t mostLate = 5'000;
constexpr int mostParkedShown = 5'000;
/// No retry is further away: a clock that was set back must not stop the outbox for years.
constexpr auto longestRetry = 15min;

const std::string selectRows =
    "SELECT " + std::string(logColumns) +
    ", e.stream, o.attempts, o.last_error, o.not_before_ms FROM outbox o "
    "JOIN event_log e ON e.seq = o.seq WHERE o.sink = ? ";

OutboxRow outboxRowOf(const Query& row) {
    return {logRowOf(row), row.text(logColumnCount),
            static_cast<int>(row.integer(logColumnCount + 1)), row.text(logColumnCount + 2)};
}

bool waits(WallTime not_before, WallTime now) {
    return not_before > now && not_before - now <= longestRetry;
}

} // namespace

std::vector<OutboxRow> OutboxTable::due(std::string_view sink, WallTime now, int limit) {
    // Order holds within a stream: nothing overtakes a row that is tried again later, and a state
    // waits behind a parked row; events go on past that one, each is a fact of its own.
    std::map<std::string, std::int64_t> parked_at;
    for (const OutboxRow& row : parked(sink))
        parked_at.emplace(row.stream, row.log.seq);
    std::vector<OutboxRow> rows;
    std::vector<std::int64_t> late;
    std::set<std::string> held;
    {
        // No LIMIT: any number of rows may wait behind one that is tried again later.
        Query query = db_.query(selectRows + "AND o.status = 0 ORDER BY o.seq");
        query.with(sink);
        while (rows.size() < static_cast<std::size_t>(std::max(limit, 0)) &&
               late.size() < mostLate && query.step()) {
            OutboxRow row = outboxRowOf(query);
            const auto before = parked_at.find(row.stream);
            const bool behind_parked = row.log.kind == LogRow::Kind::state &&
                                       before != parked_at.end() && before->second < row.log.seq;
            if (row.log.expires_at && *row.log.expires_at < now)
                late.push_back(row.log.seq);
            else if (behind_parked || held.contains(row.stream))
                continue;
            else if (waits(query.time(logColumnCount + 3), now))
                held.insert(row.stream);
            else
                rows.push_back(std::move(row));
        }
    }
    for (const std::int64_t seq : late)
        db_.query("UPDATE outbox SET status = 3 WHERE seq = ? AND sink = ?").with(seq, sink).run();
    return rows.empty() && late.size() == mostLate ? due(sink, now, limit) : rows;
}

void OutboxTable::done(std::string_view sink, std::span<const std::int64_t> seqs, WallTime now) {
    for (const std::int64_t seq : seqs)
        db_.query("UPDATE outbox SET status = 1, sent_ms = ? WHERE seq = ? AND sink = ?")
            .with(now, seq, sink)
            .run();
}

void OutboxTable::retryLater(std::string_view sink, std::int64_t seq, WallTime not_before,
                             std::string_view error) {
    db_.query("UPDATE outbox SET attempts = attempts + 1, not_before_ms = ?, last_error = ? WHERE "
              "seq = ? AND sink = ? AND status = 0")
        .with(not_before, error, seq, sink)
        .run();
}

void OutboxTable::park(std::string_view sink, std::int64_t seq, std::string_view error) {
    db_.query("UPDATE outbox SET status = 2, attempts = attempts + 1, last_error = ? WHERE seq = ? "
              "AND sink = ? AND status = 0")
        .with(error, seq, sink)
        .run();
}

void OutboxTable::unpark(std::string_view sink, std::int64_t seq) {
    // A state that is no longer the latest of its name is not worth another try.
    db_.query("UPDATE outbox SET not_before_ms = 0, status = CASE WHEN EXISTS (SELECT 1 FROM "
              "event_log e JOIN current_states s ON "
              "s.name = e.name AND s.deck = e.deck WHERE e.seq = outbox.seq AND e.kind = 1 AND "
              "s.seq > e.seq) THEN 4 ELSE 0 END "
              "WHERE seq = ? AND sink = ? AND status = 2")
        .with(seq, sink)
        .run();
}

void OutboxTable::drop(std::string_view sink, std::int64_t seq) {
    db_.query("UPDATE outbox SET status = 5 WHERE seq = ? AND sink = ? AND status IN (0, 2)")
        .with(seq, sink)
        .run();
}

std::vector<OutboxRow> OutboxTable::parked(std::string_view sink) const {
    std::vector<OutboxRow> rows;
    Query query = db_.query(selectRows + "AND o.status = 2 ORDER BY o.seq LIMIT ?");
    query.with(sink, mostParkedShown);
    while (query.step())
        rows.push_back(outboxRowOf(query));
    return rows;
}

OutboxStats OutboxTable::stats(std::string_view sink, WallTime now) const {
    OutboxStats stats;
    Query waiting =
        db_.query("SELECT count(*), min(o.seq) FROM outbox o WHERE o.sink = ? AND o.status = 0");
    waiting.with(sink).step();
    stats.pending = waiting.integer(0);
    if (stats.pending > 0) {
        Query oldest = db_.query("SELECT at_ms FROM event_log WHERE seq = ?");
        oldest.with(waiting.integer(1)).step();
        stats.oldest_s = std::max<std::int64_t>(
            0, std::chrono::duration_cast<std::chrono::seconds>(now - oldest.time(0)).count());
    }
    const auto count = [&](const char* sql) {
        Query query = db_.query(sql);
        query.with(sink).step();
        return query.integer(0);
    };
    stats.parked = count("SELECT count(*) FROM outbox WHERE sink = ? AND status = 2");
    stats.expired = count("SELECT count(*) FROM outbox WHERE sink = ? AND status = 3");
    return stats;
}

int OutboxTable::tidy(WallTime now) {
    constexpr int atOnce = 500;
    constexpr int mostKept = 50'000;
    constexpr int mostPending = 200'000;
    constexpr std::int64_t mostPendingBytes = 64LL << 20;
    const WallTime week_ago = now - 168h;
    // Over the cap the oldest rows go as expired; `played` never: it counts.
    db_.query("UPDATE outbox SET status = 3 WHERE status = 0 AND seq <= (SELECT seq FROM outbox "
              "WHERE status = 0 ORDER BY seq DESC LIMIT 1 "
              "OFFSET ?) AND seq IN (SELECT seq FROM event_log WHERE name <> 'played')")
        .with(mostPending)
        .run();
    db_.query(
           "UPDATE outbox SET status = 3 WHERE status = 0 AND seq IN (SELECT seq FROM (SELECT "
           "o.seq, e.name, sum(length(CAST(e.body AS BLOB))) OVER (ORDER BY o.seq DESC) AS bytes "
           "FROM outbox o JOIN event_log e ON e.seq = o.seq WHERE o.status = 0) WHERE bytes > ? "
           "AND name <> 'played')")
        .with(mostPendingBytes)
        .run();
    // What no sink waits for and is old enough, or more than enough. Current states stay, and the
    // newest event: the next one's `prev` points at it.
    return db_
        .query("DELETE FROM event_log WHERE seq IN (SELECT e.seq FROM event_log e WHERE (e.at_ms < "
               "? OR e.seq < (SELECT max(seq) - ? FROM "
               "event_log)) AND e.seq IS NOT (SELECT max(seq) FROM event_log WHERE kind = 0) AND "
               "NOT EXISTS (SELECT 1 FROM outbox o WHERE "
               "o.seq = e.seq AND o.status IN (0, 2)) AND NOT EXISTS (SELECT 1 FROM current_states "
               "s WHERE s.seq = e.seq) "
               "ORDER BY e.seq LIMIT ?)")
        .with(week_ago, mostKept, atOnce)
        .run();
}

void OutboxTable::rememberTopic(std::string_view topic) {
    db_.query("INSERT INTO published_topics VALUES (?) ON CONFLICT DO NOTHING").with(topic).run();
}

void OutboxTable::forgetTopic(std::string_view topic) {
    db_.query("DELETE FROM published_topics WHERE topic = ?").with(topic).run();
}

std::vector<std::string> OutboxTable::rememberedTopics() const {
    std::vector<std::string> topics;
    Query query = db_.query("SELECT topic FROM published_topics ORDER BY topic");
    while (query.step())
        topics.push_back(query.text(0));
    return topics;
}

} // namespace gatefold::store
