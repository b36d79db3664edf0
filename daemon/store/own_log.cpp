#include "store/own_log.hpp"

#include "core/error.hpp"
#include "store/database_file.hpp"
#include "store/database_head.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <optional>
#include <string>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// Read through SQLite, which touches no log for it: a process that closes the file by itself loses
/// all its locks on it. Nothing where it cannot be read, or is no database.
std::optional<DatabaseHead> headOf(const fs::path& database) {
    try {
        const SQLite::Database opened(database.string(), SQLite::OPEN_READONLY);
        sqlite3_file* file = nullptr;
        DatabaseHead::Bytes bytes{};
        if (sqlite3_file_control(opened.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) !=
                SQLITE_OK ||
            file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), 0) !=
                SQLITE_OK)
            return std::nullopt;
        return headIn(bytes, bytes.size());
    } catch (const SQLite::Exception&) {
        return std::nullopt; // opening the database throws what is wrong with it
    }
}

bool isBackup(const fs::path& database) {
    const auto head = headOf(database);
    return head && !head->uses_log;
}

} // namespace

bool hasOwnLog(const fs::path& database) {
    return !holdsBytes(logOf(database)) || (holdsBytes(database) && !isBackup(database));
}

void requireOwnLog(const fs::path& database) {
    if (hasOwnLog(database))
        return;
    const std::string log = logOf(database).string();
    if (!holdsBytes(database))
        throw Error(ErrorCode::unusableStore,
                    "The database " + database.string() + " is missing or empty, but its log " +
                        log +
                        " is there and would be lost. Put the database back beside it, or a "
                        "backup: `gatefold restore FILE` keeps the log. To begin with an empty "
                        "store, move the log away.");
    throw Error(ErrorCode::unusableStore,
                "The log " + log + " is not of the database " + database.string() +
                    ", which is a backup that was copied there. `gatefold restore FILE` with the "
                    "backup from elsewhere keeps both; to go on with the backup as it lies there, "
                    "move the log away.");
}

} // namespace gatefold::store
