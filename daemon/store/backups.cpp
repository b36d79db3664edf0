#include "core/error.hpp"
#include "store/connection.hpp"
#include "store/cover_folder.hpp"
#include "store/migrations.hpp"
#include "store/store.hpp"

#include <SQLiteCpp/Backup.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".sqlite";
/// "GFLD", set by the first migration.
constexpr int applicationId = 0x47464C44;

std::string nameFor(WallTime time) {
    std::string name = "gatefold-";
    for (const char c : isoTime(time).substr(0, 23))
        if (c != ':' && c != '.')
            name += c;
    return name + std::string(ending);
}

void syncToDisk(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ::fsync(fd);
    ::close(fd);
}

std::string madeAt(const fs::path& file) {
    struct ::stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return "";
    return isoTime(WallTime(std::chrono::seconds(status.st_mtime)));
}

std::int64_t count(SQLite::Database& database, const char* table) {
    return database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64();
}

/// Reads the whole file and says what it holds. Throws `invalid`.
BackupInfo examine(const fs::path& file) {
    try {
        SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
        const std::string words = database.execAndGet("PRAGMA integrity_check(3)").getString();
        if (words != "ok")
            throw Error(ErrorCode::invalid, file.string() + " is damaged: " + words);
        BackupInfo info;
        info.file = file.string();
        info.bytes = static_cast<std::int64_t>(fs::file_size(file));
        info.made_at = madeAt(file);
        info.schema = database.execAndGet("PRAGMA user_version").getInt();
        if (info.schema < 1 ||
            database.execAndGet("PRAGMA application_id").getInt() != applicationId)
            throw Error(ErrorCode::invalid, file.string() + " is no backup of Gatefold.");
        if (info.schema > newestSchema())
            throw Error(ErrorCode::invalid,
                        file.string() +
                            " was made by a newer Gatefold; install that version first.");
        info.copies = count(database, "copies");
        info.scans = count(database, "scans");
        info.plays = count(database, "plays");
        return info;
    } catch (const SQLite::Exception& error) {
        throw Error(ErrorCode::invalid, file.string() + " is no readable backup: " + error.what());
    }
}

/// The household's own photos travel inside the backup: they are nowhere else. Covers from online
/// sources stay out, and are fetched again.
void packPhotos(SQLite::Database& copy, const fs::path& folder) {
    const CoverFolder files(folder);
    SQLite::Transaction transaction(copy);
    copy.exec("CREATE TABLE packed_photos (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
    SQLite::Statement insert(copy, "INSERT INTO packed_photos VALUES (?, ?)");
    SQLite::Statement row(copy, "SELECT DISTINCT hash FROM copy_covers");
    while (row.executeStep())
        for (const KeptSize& size : coverSizes) {
            const std::string name = coverFileName(row.getColumn(0).getString(), size.edge_px);
            const std::string bytes = files.readNamed(name);
            if (bytes.empty())
                continue; // a picture that is lost already does not stop the backup
            insert.bind(1, name);
            insert.bind(2, bytes.data(), static_cast<int>(bytes.size()));
            insert.exec();
            insert.reset();
        }
    transaction.commit();
}

/// Lays the photos of a backup into the folder of covers, and takes them out of the database. Names
/// are checked: a backup is a file that may have been anywhere.
void unpackPhotos(const fs::path& database, const fs::path& folder) {
    SQLite::Database restored(database.string(), SQLite::OPEN_READWRITE);
    if (!restored.tableExists("packed_photos"))
        return;
    const CoverFolder files(folder);
    {
        SQLite::Statement row(restored, "SELECT name, bytes FROM packed_photos");
        while (row.executeStep()) {
            const SQLite::Column bytes = row.getColumn(1);
            const std::string name = row.getColumn(0).getString();
            if (isCoverFileName(name))
                files.write(name, {static_cast<const char*>(bytes.getBlob()),
                                   static_cast<std::size_t>(bytes.getBytes())});
        }
    }
    restored.exec("DROP TABLE packed_photos");
    restored.exec("VACUUM");
}

} // namespace

BackupInfo verifyBackup(const fs::path& file) {
    if (!fs::is_regular_file(file))
        throw Error(ErrorCode::notFound, "There is no file " + file.string() + ".");
    return examine(file);
}

BackupInfo BackupFiles::backup(const std::string& path) {
    const fs::path target =
        path.empty() ? folder_ / "backups" / nameFor(clock_.now().wall) : fs::path(path);
    const fs::path unfinished = target.string() + ".part";
    std::error_code error;
    fs::create_directories(fs::absolute(target).parent_path(), error);
    fs::remove(unfinished, error);
    try {
        Connection source(databaseFile(folder_), Connection::Mode::readOnly);
        {
            SQLite::Database copy(unfinished.string(),
                                  SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            SQLite::Backup(copy, source.database()).executeStep(-1);
            copy.exec("PRAGMA journal_mode = DELETE");
            packPhotos(copy, folder_);
        }
        ::chmod(unfinished.c_str(), 0600);
        syncToDisk(unfinished);
        BackupInfo made = examine(unfinished);
        fs::rename(unfinished, target);
        syncToDisk(fs::absolute(target).parent_path());
        made.file = target.string();
        return made;
    } catch (const SQLite::Exception& failure) {
        fs::remove(unfinished, error);
        rethrow(failure);
    } catch (const fs::filesystem_error& failure) {
        fs::remove(unfinished, error);
        throw Error(ErrorCode::diskFull,
                    "Cannot write " + target.string() + ": " + failure.code().message());
    } catch (...) {
        fs::remove(unfinished, error);
        throw;
    }
}

std::vector<BackupInfo> BackupFiles::list() const {
    std::vector<BackupInfo> infos;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ / "backups", error)) {
        if (entry.path().extension() != ending)
            continue;
        BackupInfo info;
        info.file = entry.path().string();
        info.bytes = static_cast<std::int64_t>(entry.file_size(error));
        info.made_at = madeAt(entry.path());
        infos.push_back(std::move(info));
    }
    std::sort(infos.begin(), infos.end(),
              [](const BackupInfo& a, const BackupInfo& b) { return a.made_at > b.made_at; });
    return infos;
}

namespace {

/// Numbers that were given after the backup was made stay given: cards and labels are printed, and
/// the number line of events never goes back. A damaged database has no say.
void carryNumbers(const fs::path& from, const fs::path& into) {
    try {
        std::vector<std::pair<std::string, std::int64_t>> numbers;
        {
            SQLite::Database old(from.string(), SQLite::OPEN_READWRITE);
            old.exec("PRAGMA wal_checkpoint(TRUNCATE)");
            SQLite::Statement row(old, "SELECT name, seq FROM sqlite_sequence");
            while (row.executeStep())
                numbers.emplace_back(row.getColumn(0).getString(), row.getColumn(1).getInt64());
        }
        SQLite::Database restored(into.string(), SQLite::OPEN_READWRITE);
        SQLite::Transaction transaction(restored);
        for (const auto& [name, number] : numbers) {
            SQLite::Statement raise(restored,
                                    "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?");
            raise.bind(1, number);
            raise.bind(2, name);
            if (raise.exec() == 0) {
                SQLite::Statement add(restored,
                                      "INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)");
                add.bind(1, name);
                add.bind(2, number);
                add.exec();
            }
        }
        transaction.commit();
    } catch (const SQLite::Exception& error) {
        spdlog::warn("store: numbers of the replaced database are lost reason={}", error.what());
    }
}

/// Keeps the database under another name, also when it is damaged; its log goes with it. The
/// database's own name is in use at every moment, so that a crash in between leaves one or the
/// other.
void keepBeside(const fs::path& database, const fs::path& kept) {
    std::error_code error;
    fs::create_directories(kept.parent_path(), error);
    fs::create_hard_link(database, kept, error);
    if (error)
        fs::copy_file(database, kept, fs::copy_options::overwrite_existing);
    if (fs::exists(database.string() + "-wal"))
        fs::rename(database.string() + "-wal", kept.string() + "-wal");
    fs::remove(database.string() + "-shm", error);
    syncToDisk(kept.parent_path());
}

} // namespace

fs::path restoreBackup(const fs::path& file, const fs::path& folder, const Clock& clock) {
    verifyBackup(file);
    const fs::path database = databaseFile(folder);
    const fs::path incoming = database.string() + ".incoming";
    const std::string time = nameFor(clock.now().wall);
    try {
        fs::create_directories(folder);
        fs::copy_file(file, incoming, fs::copy_options::overwrite_existing);
        fs::permissions(incoming, fs::perms::owner_read | fs::perms::owner_write);
        unpackPhotos(incoming, folder);
        fs::path kept;
        if (fs::exists(database)) {
            kept = folder / "backups" / ("replaced-" + time);
            carryNumbers(database, incoming);
            syncToDisk(incoming);
            keepBeside(database, kept);
        }
        syncToDisk(incoming);
        fs::rename(incoming, database);
        syncToDisk(folder);
        return kept;
    } catch (const SQLite::Exception& error) {
        std::error_code ignored;
        fs::remove(incoming, ignored);
        rethrow(error);
    } catch (const fs::filesystem_error& error) {
        std::error_code ignored;
        fs::remove(incoming, ignored);
        throw Error(ErrorCode::diskFull, "Cannot put the backup into " + folder.string() + ": " +
                                             error.code().message());
    }
}

fs::path pendingRestore(const fs::path& folder) {
    return folder / "restore.pending";
}

} // namespace gatefold::store
