#include "store/paging.hpp"
#include "store/repositories.hpp"

#include <cstdint>

namespace gatefold::store {

namespace {

const std::string selectJobs =
    "SELECT id, kind, state, progress, message, started_ms, ended_ms FROM jobs ";

Job jobOf(Query& row) {
    return {{row.integer(0)}, row.text(1), row.text(2),     row.real(3),
            row.text(4),      row.time(5), row.maybeTime(6)};
}

} // namespace

JobId JobTable::insert(const Job& job) {
    db_.query("INSERT INTO jobs(kind, state, progress, message, started_ms, ended_ms) VALUES "
              "(?,?,?,?,?,?)")
        .with(job.kind, job.state, job.progress, job.message, job.started_at, job.ended_at)
        .run();
    return {db_.lastRowId()};
}

void JobTable::save(const Job& job) {
    db_.query("UPDATE jobs SET state = ?, progress = ?, message = ?, ended_ms = ? WHERE id = ?")
        .with(job.state, job.progress, job.message, job.ended_at, job.id)
        .run();
}

std::optional<Job> JobTable::find(JobId id) const {
    Query query = db_.query(selectJobs + "WHERE id = ?");
    return query.with(id).step() ? std::optional(jobOf(query)) : std::nullopt;
}

Page<Job> JobTable::list(const PageRequest& request) const {
    Page<Job> page;
    const int size = pageSize(request);
    Query query = db_.query(selectJobs + "WHERE id < ? ORDER BY id DESC LIMIT ?");
    query.with(cursorRow(request).value_or(INT64_MAX), size + 1);
    while (query.step())
        page.items.push_back(jobOf(query));
    cutPage(page, size, [](const Job& last) { return std::to_string(last.id.value); });
    Query count = db_.query("SELECT count(*) FROM jobs");
    count.step();
    page.total = count.integer(0);
    return page;
}

void JobTable::failRunning(std::string_view message, WallTime at) {
    db_.query("UPDATE jobs SET state = 'failed', message = ?, ended_ms = ? WHERE state = 'running'")
        .with(message, at)
        .run();
}

std::optional<std::string> AnswerTable::find(std::string_view id) const {
    Query query = db_.query("SELECT answer FROM command_answers WHERE id = ?");
    return query.with(id).step() ? std::optional(query.text(0)) : std::nullopt;
}

void AnswerTable::keep(std::string_view id, std::string_view answer, WallTime at) {
    db_.query("DELETE FROM command_answers WHERE at_ms < ?")
        .with(at - std::chrono::hours(24))
        .run();
    db_.query("INSERT INTO command_answers VALUES (?,?,?) ON CONFLICT(id) DO UPDATE SET answer = "
              "excluded.answer")
        .with(id, answer, at)
        .run();
}

} // namespace gatefold::store
