#include "store/restore.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/migrations.hpp"
#include "store/packed_photos.hpp"
#include "store/store.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr int busy_ms = 2000;

/// What becomes the database.
fs::path incomingFile(const fs::path& folder) {
    return databaseFile(folder).string() + ".incoming";
}

/// The schema of this program; the photos in their folder.
void bringUpToDate(const fs::path& incoming, const fs::path& folder) {
    Connection connection(incoming, Connection::Mode::readWrite);
    migrateWithoutCopy(connection, incoming);
    unpackPhotos(connection.database(), folder);
    connection.database().exec("PRAGMA journal_mode = DELETE");
}

using Numbers = std::vector<std::pair<std::string, std::int64_t>>;

/// The numbers that a database has given; its log is folded in then. Nothing for a database that is
/// damaged, or none of ours: that one is left as it is. Throws SQLite::Exception, Error
/// `unavailable`.
std::optional<Numbers> numbersOf(const fs::path& database) {
    try {
        SQLite::Database old(database.string(), SQLite::OPEN_READWRITE, busy_ms);
        Numbers numbers;
        {
            SQLite::Statement row(old, "SELECT name, seq FROM sqlite_sequence");
            while (row.executeStep())
                numbers.emplace_back(row.getColumn(0).getString(), row.getColumn(1).getInt64());
        }
        if (old.execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0)
            throw Error(ErrorCode::unavailable, "Another program holds the database; try again.");
        return numbers;
    } catch (const SQLite::Exception& error) {
        const int code = error.getErrorCode() & 0xFF;
        if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB && code != SQLITE_ERROR)
            throw;
        spdlog::warn("store: numbers of the replaced database are lost reason={}", error.what());
        return std::nullopt;
    }
}

/// Numbers that were given after the backup was made stay given: cards and labels are printed, and
/// the number line of events never goes back.
void carryNumbers(const Numbers& numbers, const fs::path& into) {
    SQLite::Database restored(into.string(), SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(restored);
    for (const auto& [name, number] : numbers) {
        SQLite::Statement raise(restored,
                                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?");
        raise.bind(1, number);
        raise.bind(2, name);
        if (raise.exec() == 0) {
            SQLite::Statement add(restored, "INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)");
            add.bind(1, name);
            add.bind(2, number);
            add.exec();
        }
    }
    transaction.commit();
}

/// The clock of a box may show the same time twice.
fs::path nameForReplaced(const fs::path& folder, const std::string& name) {
    fs::path path = folder / ("replaced-" + name);
    for (int n = 2; fs::exists(path); ++n)
        path = folder / ("replaced-" + std::to_string(n) + "-" + name);
    return path;
}

/// A second name for a file; a copy where the file system has no links.
void keepAs(const fs::path& file, const fs::path& kept) {
    std::error_code error;
    fs::create_hard_link(file, kept, error);
    if (!error)
        return;
    fs::copy_file(file, kept, fs::copy_options::overwrite_existing);
    os::syncFile(kept);
}

/// The log of the store before, under the name it is kept by: SQLite removes the log of a database
/// that it cannot read. Gone at the end of the scope unless it is needed.
class KeptLog {
public:
    KeptLog(const fs::path& database, const fs::path& kept) : path_(kept.string() + "-wal") {
        const std::string log = database.string() + "-wal";
        std::error_code error;
        os::makeFolder(kept.parent_path());
        if (fs::file_size(log, error) > 0 && !error)
            keepAs(log, path_);
    }
    ~KeptLog() {
        std::error_code ignored;
        if (!needed_)
            fs::remove(path_, ignored);
    }
    KeptLog(const KeptLog&) = delete;
    KeptLog& operator=(const KeptLog&) = delete;
    void keep() { needed_ = true; }

private:
    fs::path path_;
    bool needed_ = false;
};

/// Keeps the database under another name, also when it is damaged. The database's own name is in
/// use at every moment, so that a crash in between leaves one or the other; a log of the old one
/// never lies beside the new one.
void keepBeside(const fs::path& database, const fs::path& kept) {
    keepAs(database, kept);
    os::syncFolder(kept.parent_path());
    removeLogs(database);
    os::syncFolder(database.parent_path());
}

/// The kept store becomes the store again. Only a damaged one has a log, which never lies beside
/// the database that is put away.
void putBack(const fs::path& database, const fs::path& kept) {
    removeLogs(database);
    if (kept.empty()) {
        fs::remove(database);
        return;
    }
    fs::rename(kept, database);
    if (fs::exists(kept.string() + "-wal"))
        fs::rename(kept.string() + "-wal", database.string() + "-wal");
    os::syncFolder(database.parent_path());
}

void requireSame(const BackupInfo& placed, const BackupInfo& expected) {
    if (placed.copies != expected.copies || placed.scans != expected.scans ||
        placed.plays != expected.plays)
        throw Error(ErrorCode::internal, "The restored database does not hold what was put there.");
}

/// What is in place, checked there; else the store of before is put back.
BackupInfo checkInPlace(const fs::path& database, const fs::path& kept,
                        const BackupInfo& expected) {
    try {
        BackupInfo placed = verifyDatabase(database, database);
        requireSame(placed, expected);
        return placed;
    } catch (const Error&) {
        putBack(database, kept);
        throw;
    }
}

Restored replaceStore(const GivenDatabase& given, const fs::path& folder, const Clock& clock) {
    const fs::path database = databaseFile(folder);
    UnfinishedDatabase incoming(incomingFile(folder));
    incoming.copyFrom(given);
    const BackupInfo as_it_came = verifyDatabase(incoming.path(), given.name());
    bringUpToDate(incoming.path(), folder);
    fs::path kept;
    std::optional<KeptLog> log;
    bool damaged = false;
    if (fs::exists(database)) {
        kept = nameForReplaced(folder / "backups", backupName(clock.now().wall));
        log.emplace(database, kept);
        const auto numbers = numbersOf(database);
        damaged = !numbers;
        if (numbers)
            carryNumbers(*numbers, incoming.path());
    }
    requireSame(verifyDatabase(incoming.path(), given.name()), as_it_came);
    if (!kept.empty())
        keepBeside(database, kept);
    if (damaged)
        log->keep();
    incoming.putInPlace(database);
    Restored restored{checkInPlace(database, kept, as_it_came), kept};
    restored.info.file = given.name().string();
    restored.info.bytes = given.bytes();
    restored.info.made_at = given.writtenAt();
    return restored;
}

} // namespace

Restored restoreBackup(const GivenDatabase& given, const fs::path& folder, const Clock& clock) {
    if (given.is(databaseFile(folder)))
        throw Error(ErrorCode::invalid, given.name().string() + " is the store itself.");
    try {
        os::makeFolder(folder);
        return replaceStore(given, folder, clock);
    } catch (const SQLite::Exception& error) {
        rethrow(error);
    } catch (const fs::filesystem_error& error) {
        throw os::fileError("cannot put the backup into", folder, error.code().value());
    }
}

void removeUnfinishedRestore(const fs::path& folder) noexcept {
    const UnfinishedDatabase removed(incomingFile(folder));
}

} // namespace gatefold::store
