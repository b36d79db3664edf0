#include "store/backups.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_lock.hpp"
#include "os/read_only.hpp"
#include "store/backup_check.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/packed_photos.hpp"
#include "store/replaced_files.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <sqlite3.h>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".sqlite", nameBeginning = "gatefold-";

fs::path backupFolder(const fs::path& store) {
    return store / "backups";
}

/// Whether that is a name of os::unfinishedName(), of the command that copies a backup, or of a
/// store or a log that is copied into the folder, before they are done; logs included.
bool isUnfinished(const std::string& name) {
    const bool of_first_versions =
        name.starts_with(nameBeginning) &&
        name.find(std::string(ending).append(unfinishedEnding)) != std::string::npos;
    return of_first_versions ||
           (name.starts_with('.') && name.find(os::hiddenEnding) != std::string::npos) ||
           name.starts_with("." + std::string(replacedBeginning)) ||
           name.starts_with("." + std::string(damagedBeginning));
}

void removeUnfinishedIn(const fs::path& backups) {
    const auto nobody_writes = os::tryLockFolder(backups);
    if (!nobody_writes)
        return;
    std::vector<fs::path> left;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(backups, error))
        if (isUnfinished(entry.path().filename().string()))
            left.push_back(entry.path());
    for (const fs::path& file : left)
        fs::remove(file, error); // what cannot be removed only takes space
}

/// Whether SQLite lacks a file that it makes beside a database in order to read it, or the disk
/// does not give back a part.
bool cannotRead(const SQLite::Exception& error) {
    const int code = error.getErrorCode() & 0xFF;
    return code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_IOERR;
}

/// On a read-only file system SQLite reads a store that a daemon has open, perhaps through another
/// mount; it may not read one that nobody has open, of which a copy is whole.
void copyStore(UnfinishedDatabase& copy, const fs::path& store) {
    const fs::path database = databaseFile(store);
    try {
        Connection source(database, Connection::Mode::readOnly);
        return copy.copyFrom(source.database());
    } catch (const SQLite::Exception& error) {
        if (!cannotRead(error) || !os::isReadOnly(store))
            throw;
    }
    copy.copyFrom(GivenDatabase::ofStore(database));
}

} // namespace

std::string backupName(WallTime time) {
    std::string name(nameBeginning);
    for (const char c : isoTime(time).substr(0, 23))
        if (c != ':' && c != '.')
            name += c;
    return name + std::string(ending);
}

os::FileDescriptor writeBackups(const fs::path& store) {
    const fs::path backups = backupFolder(store);
    os::makeFolder(backups, 0750);
    removeUnfinishedIn(backups);
    return os::shareFolder(backups);
}

void removeUnfinishedBackups(const fs::path& store) noexcept {
    try {
        removeUnfinishedIn(backupFolder(store));
    } catch (const std::exception&) {
        return; // there is no folder of backups yet, or the next backup says what is wrong with it
    }
}

MadeBackup BackupFiles::backup(const std::string& path) {
    const fs::path target = fs::absolute(
        path.empty() ? backupFolder(folder_) / backupName(clock_.now().wall) : fs::path(path));
    const fs::path shown = path.empty() ? target : fs::path(path);
    try {
        os::makeFolder(target.parent_path(), path.empty() ? 0750 : 0777);
        std::optional<os::FileDescriptor> writing;
        std::error_code error;
        if (fs::equivalent(target.parent_path(), backupFolder(folder_), error))
            writing = writeBackups(folder_);
        MadeBackup made;
        UnfinishedDatabase unfinished(os::unfinishedName(target));
        {
            copyStore(unfinished, folder_);
            SQLite::Database copy(unfinished.path().string(), SQLite::OPEN_READWRITE);
            made.lost_photos = packPhotos(copy, folder_);
        }
        made.info = verifyMadeBackup(unfinished.path(), shown);
        unfinished.putInPlace(target);
        return made;
    } catch (const SQLite::Exception& failure) {
        rethrow(failure);
    }
}

std::vector<BackupInfo> BackupFiles::list() const {
    std::vector<BackupInfo> infos;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(backupFolder(folder_), error)) {
        if (entry.path().extension() != ending ||
            entry.path().filename().string().starts_with(replacedBeginning)) // is no backup
            continue;
        BackupInfo info;
        struct ::stat status {};
        if (::stat(entry.path().c_str(), &status) != 0)
            continue; // removed meanwhile
        info.file = entry.path().string();
        info.bytes = status.st_size;
        info.made_at = timeWritten(status);
        infos.push_back(std::move(info));
    }
    std::sort(infos.begin(), infos.end(),
              [](const BackupInfo& a, const BackupInfo& b) { return a.made_at > b.made_at; });
    return infos;
}

} // namespace gatefold::store
