#include "store/backup_check.hpp"

#include "core/error.hpp"
#include "os/file_error.hpp"
#include "os/file_lock.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/schema_check.hpp"

#include <cerrno>
#include <cstdio>
#include <optional>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view workBeginning = "gatefold-verify-";

/// What the environment names is not always a folder.
fs::path temporaryFolder() {
    std::error_code error;
    fs::path folder = fs::temp_directory_path(error);
    if (error)
        throw Error(ErrorCode::fileAccess, "There is no folder for temporary files (" +
                                               error.message() +
                                               "): let TMPDIR name one that can be written.");
    return folder;
}

/// Folders that commands of this user left which were killed: a copy holds hashes of passwords. One
/// in use is locked, or empty yet.
void removeOldWorkFolders(const fs::path& temporary) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(temporary, error)) {
        struct ::stat status {};
        const fs::path& path = entry.path();
        if (!path.filename().string().starts_with(workBeginning) ||
            ::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
            status.st_uid != ::geteuid() || fs::is_empty(path, error))
            continue;
        try {
            if (os::tryLockFolder(path))
                fs::remove_all(path, error);
        } catch (const Error&) {
            continue; // another command has removed it
        }
    }
}

/// A folder of its own for temporary files.
class WorkFolder {
public:
    WorkFolder() {
        const fs::path temporary = temporaryFolder();
        removeOldWorkFolders(temporary);
        std::string name = (temporary / std::string(workBeginning).append("XXXXXX")).string();
        if (!::mkdtemp(name.data()))
            throw os::fileError("cannot make", name, errno);
        path_ = name;
        lock_ = os::tryLockFolder(path_);
    }
    ~WorkFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
    std::optional<os::FileDescriptor> lock_;
};

std::int64_t count(SQLite::Database& database, const char* table) {
    return database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64();
}

using Check = BackupInfo (*)(SQLite::Database&, const fs::path&);

/// `name` is what messages call it.
BackupInfo contentOf(SQLite::Database& database, const fs::path& name) {
    const std::string words = database.execAndGet("PRAGMA integrity_check(3)").getString();
    if (words != "ok")
        throw Error(ErrorCode::invalid, name.string() + " is damaged: " + words);
    BackupInfo info;
    info.schema = schemaOfOurs(database, name);
    info.copies = count(database, "copies");
    info.scans = count(database, "scans");
    info.plays = count(database, "plays");
    return info;
}

/// The next migration would refuse such rows.
void requireOwners(SQLite::Database& database, const fs::path& name) {
    SQLite::Statement orphan(database, "PRAGMA foreign_key_check");
    if (orphan.executeStep())
        throw Error(ErrorCode::invalid, name.string() + " is damaged: a row of " +
                                            orphan.getColumn(0).getString() +
                                            " belongs to nothing.");
}

/// The schema comes first: its words are plainer than SQLite's for a table that is missing.
BackupInfo usableContentOf(SQLite::Database& database, const fs::path& name) {
    requireSchema(database, schemaOfOurs(database, name), name);
    BackupInfo info = contentOf(database, name);
    requireOwners(database, name);
    return info;
}

/// Nothing that the file's schema names is run.
BackupInfo checkForeign(SQLite::Database database, const fs::path& shown_as, Check check) {
    database.exec("PRAGMA trusted_schema = OFF");
    return check(database, shown_as);
}

BackupInfo checkGiven(const GivenDatabase& given, const fs::path& shown_as, Check check) {
    if (!given.hasLog())
        return checkForeign({immutableUri(given.name()), SQLite::OPEN_READONLY | SQLite::OPEN_URI},
                            shown_as, check);
    const WorkFolder folder;
    const fs::path copy = folder.path() / "database";
    given.copyTo(copy);
    return checkForeign({copy.string(), SQLite::OPEN_READWRITE}, shown_as, check);
}

BackupInfo verify(const GivenDatabase& given, const fs::path& shown_as, Check check) {
    try {
        BackupInfo info = checkGiven(given, shown_as, check);
        info.file = shown_as.string();
        info.bytes = given.bytes();
        info.made_at = given.writtenAt();
        return info;
    } catch (const SQLite::Exception& error) {
        rethrowOf(error, shown_as);
    }
}

} // namespace

BackupInfo verifyBackup(const GivenDatabase& given) {
    return verify(given, given.name(), usableContentOf);
}

BackupInfo verifyDatabase(const fs::path& database, const fs::path& shown_as) {
    return verify(GivenDatabase(database, shown_as), shown_as, usableContentOf);
}

BackupInfo verifyMadeBackup(const fs::path& database, const fs::path& shown_as) {
    return verify(GivenDatabase(database, shown_as), shown_as, contentOf);
}

} // namespace gatefold::store
