#include "store/backup_check.hpp"

#include "core/error.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/schema_check.hpp"
#include "store/work_folder.hpp"

#include <string>
#include <unistd.h>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

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
    if (!given.hasLog() && ::eaccess(fs::absolute(given.name()).c_str(), R_OK) == 0)
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
