#include "core/error.hpp"
#include "store/connection.hpp"
#include "store/migrations.hpp"
#include "store/store.hpp"

#include <SQLiteCpp/Backup.h>

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".sqlite";

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
        if (info.schema < 1 || !database.tableExists("event_log"))
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
        }
        ::chmod(unfinished.c_str(), 0600);
        syncToDisk(unfinished);
        examine(unfinished);
        fs::rename(unfinished, target);
        syncToDisk(fs::absolute(target).parent_path());
        return examine(target);
    } catch (const SQLite::Exception& failure) {
        fs::remove(unfinished, error);
        rethrow(failure);
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

fs::path restoreBackup(const fs::path& file, const fs::path& folder, const Clock& clock) {
    verifyBackup(file);
    const fs::path database = databaseFile(folder);
    const fs::path incoming = database.string() + ".incoming";
    std::error_code error;
    fs::create_directories(folder, error);
    fs::copy_file(file, incoming, fs::copy_options::overwrite_existing, error);
    if (error)
        throw Error(ErrorCode::diskFull,
                    "Cannot copy the backup to " + folder.string() + ": " + error.message());
    ::chmod(incoming.c_str(), 0600);
    syncToDisk(incoming);
    fs::path replaced;
    if (fs::exists(database)) {
        // The log beside the database belongs to it: fold it in before it is moved away.
        replaced = folder / "backups" / ("replaced-" + nameFor(clock.now().wall));
        BackupFiles(folder, clock).backup(replaced.string());
    }
    for (const char* beside : {"-wal", "-shm"})
        fs::remove(database.string() + beside, error);
    fs::rename(incoming, database);
    syncToDisk(folder);
    return replaced;
}

} // namespace gatefold::store
