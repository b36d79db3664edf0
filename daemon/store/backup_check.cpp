#include "store/backup_check.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "os/file_error.hpp"
#include "store/connection.hpp"
#include "store/migrations.hpp"
#include "store/schema_check.hpp"

#include <cerrno>
#include <cstdio>
#include <stdlib.h>
#include <string>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// "GFLD", set by the first migration.
constexpr int applicationId = 0x47464C44;

/// A folder of its own for temporary files.
class WorkFolder {
public:
    WorkFolder() {
        std::string name = (fs::temp_directory_path() / "gatefold-verify-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw os::fileError("cannot make", name, errno);
        path_ = name;
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
};

/// A URI under which SQLite reads the file as it lies: no lock, no log, nothing made beside it.
std::string immutableUri(const fs::path& file) {
    return "file:" + percentEncoded(fs::absolute(file).string(), "/") + "?immutable=1";
}

std::int64_t count(SQLite::Database& database, const char* table) {
    return database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64();
}

int schemaOfOurs(SQLite::Database& database, const fs::path& name) {
    const int found = database.execAndGet("PRAGMA user_version").getInt();
    if (found < 1 || database.execAndGet("PRAGMA application_id").getInt() != applicationId)
        throw Error(ErrorCode::invalid, name.string() + " is no backup of Gatefold.");
    if (found > newestSchema())
        throw Error(ErrorCode::invalid, name.string() + " was made by a newer Gatefold (schema " +
                                            std::to_string(found) + ", this one knows " +
                                            std::to_string(newestSchema()) +
                                            "); install that version first.");
    return found;
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
    return verify(GivenDatabase(database), shown_as, usableContentOf);
}

BackupInfo verifyMadeBackup(const fs::path& database, const fs::path& shown_as) {
    return verify(GivenDatabase(database), shown_as, contentOf);
}

} // namespace gatefold::store
