#include "store/answer_file.hpp"

#include "store/own_log.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace gatefold::store {

namespace {

constexpr int version = 1;
/// What a row costs beside its texts; rough, so that many small ones are bounded too.
constexpr int rowOverhead = 256;

constexpr const char* schema = R"(
CREATE TABLE answers (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    fetched_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    PRIMARY KEY (source, key)
) STRICT;
CREATE INDEX answers_by_age ON answers(fetched_ms);
PRAGMA user_version = 1;
)";

/// Nothing here is worth a sync of its own, and nobody else folds the log in.
constexpr const char* carefree = R"(
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 100;
PRAGMA journal_size_limit = 1048576;
)";

bool isDamage(const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xFF;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

} // namespace

AnswerFile::AnswerFile(const std::filesystem::path& folder, std::size_t most_bytes)
    : file_(folder / "answers.db"), most_bytes_(most_bytes) {}

void AnswerFile::removeFile() {
    db_.reset();
    for (const char* part : {"", "-wal", "-shm"}) {
        std::error_code ignored; // what cannot be removed cannot be opened either, and is said then
        std::filesystem::remove(file_.string() + part, ignored);
    }
}

Connection& AnswerFile::opened() {
    if (db_)
        return *db_;
    if (!hasOwnLog(file_))
        removeFile();
    // Created with its mode, before SQLite writes to it: other users do not read what a household
    // searches for.
    if (const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); fd >= 0)
        ::close(fd);
    const auto stored = [this] {
        db_.emplace(file_, Connection::Mode::readWrite);
        return db_->database().execAndGet("PRAGMA user_version").getInt();
    };
    int found = stored();
    if (found != version && found != 0) {
        removeFile();
        found = stored();
    }
    db_->database().exec(carefree);
    if (found == 0)
        db_->database().exec(schema);
    return *db_;
}

/// Keeping is a favour: whatever goes wrong, nobody has to know but the log.
template <class Work>
void AnswerFile::with(Work work) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        try {
            work(opened());
        } catch (const SQLite::Exception& error) {
            spdlog::warn("store: kept answers are out of use reason=\"{}\"", error.what());
            db_.reset();
            if (isDamage(error))
                removeFile();
        }
    } catch (const std::exception& error) { // such as no memory
        spdlog::warn("store: kept answers are out of use reason=\"{}\"", error.what());
    }
}

std::optional<KeptAnswer> AnswerFile::find(std::string_view source, std::string_view key) noexcept {
    std::optional<KeptAnswer> answer;
    with([&](Connection& db) {
        Query query =
            db.query("SELECT body, fetched_ms, ends_ms FROM answers WHERE source = ? AND key = ?");
        if (query.with(source, key).step())
            answer = KeptAnswer{query.text(0), query.time(1), query.time(2)};
    });
    return answer;
}

void AnswerFile::keep(std::string_view source, std::string_view key,
                      const KeptAnswer& answer) noexcept {
    if (answer.body.size() + key.size() + rowOverhead > most_bytes_)
        return;
    with([&](Connection& db) {
        db.query("INSERT INTO answers VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET body = "
                 "excluded.body, fetched_ms = excluded.fetched_ms, ends_ms = excluded.ends_ms")
            .with(source, key, Blob{answer.body}, answer.fetched_at, answer.ends_at)
            .run();
        db.query("DELETE FROM answers WHERE rowid IN (SELECT rowid FROM (SELECT rowid, "
                 "sum(length(body) + length(key) + ?) OVER (ORDER BY fetched_ms DESC, rowid DESC) "
                 "AS bytes FROM answers) WHERE bytes > ?)")
            .with(rowOverhead, static_cast<std::int64_t>(most_bytes_))
            .run();
    });
}

void AnswerFile::forgetEnded(WallTime now) noexcept {
    std::error_code ignored;
    if (!std::filesystem::exists(file_, ignored))
        return;
    with([&](Connection& db) {
        db.query("DELETE FROM answers WHERE ends_ms <= ? OR fetched_ms > ?").with(now, now).run();
    });
}

} // namespace gatefold::store
