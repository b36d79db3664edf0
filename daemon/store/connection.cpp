#include "store/connection.hpp"

#include "core/error.hpp"
#include "store/id_set.hpp"
#include "store/own_log.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace gatefold::store {

namespace {

/// One megabyte of pages a connection: the box has little memory, and the file cache below it is
/// the kernel's.
constexpr const char* everyConnection = R"(
PRAGMA trusted_schema = OFF;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -1024;
PRAGMA temp_store = MEMORY;
)";
/// FULL: what was committed survives a power cut. The log is folded in by `Upkeep`, not by whoever
/// commits.
constexpr const char* writer = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = FAST;
PRAGMA wal_autocheckpoint = 0;
PRAGMA journal_size_limit = 33554432;
)";
constexpr int busy_ms = 2000;

int flags(Connection::Mode mode) {
    // One thread at a time has a connection: SQLite need not see to that.
    return SQLite::OPEN_NOMUTEX |
           (mode == Connection::Mode::readWrite ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                                : SQLite::OPEN_READONLY);
}

/// The name of a database whose log, if there is one, is its own.
std::string withOwnLog(const std::filesystem::path& file) {
    requireOwnLog(file);
    return file.string();
}

/// Whether a table, column or index of Gatefold's is gone: its statements are fixed and fit its
/// tables. SQLite has no code for that.
bool lacksPartOfSchema(const SQLite::Exception& error) {
    const std::string_view said = error.what();
    constexpr std::array beginnings{"no such table", "no such column", "vtable constructor failed",
                                    "ON CONFLICT clause does not match"};
    return said.find("has no column named") != said.npos ||
           std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const char* beginning) { return said.starts_with(beginning); });
}

[[noreturn]] void throwDamage(const SQLite::Exception& error) {
    throw Error(ErrorCode::unusableStore, std::string("The database is damaged (") + error.what() +
                                              "). Stop Gatefold and put a backup back: `gatefold "
                                              "restore FILE`.");
}

} // namespace

Connection::Connection(const std::filesystem::path& file, Mode mode)
    : database_(withOwnLog(file), flags(mode), busy_ms) {
    sqlite3_extended_result_codes(database_.getHandle(), 1);
    sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    // DDL keeps double-quoted strings: FTS5's own tables use them.
    database_.exec(everyConnection);
    teachGather(database_);
    if (mode == Mode::readWrite)
        database_.exec(writer);
}

Query Connection::query(const std::string& sql) {
    auto& statement = statements_[sql];
    if (!statement)
        statement = std::make_unique<SQLite::Statement>(database_, sql);
    return Query(*statement);
}

void rethrow(const SQLite::Exception& error) {
    switch (error.getErrorCode() & 0xFF) {
    case SQLITE_FULL:
        throw Error(
            ErrorCode::diskFull,
            "The disk of the data folder is full. Free some space; what is stored is safe.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        throw Error(ErrorCode::unavailable, "Another program holds the database; try again.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: throwDamage(error);
    case SQLITE_READONLY:
        throw Error(ErrorCode::fileAccess,
                    "The database cannot be opened for writing: look at the data folder's owner "
                    "and mode, and whether its disk is mounted read-only.");
    case SQLITE_CANTOPEN: // for whatever reason: SQLite gives none
        throw Error(ErrorCode::fileAccess,
                    "The database cannot be opened: look at the data folder's owner and mode, and "
                    "at the limit of open files (`ulimit -n`).");
    case SQLITE_IOERR:
        throw Error(
            ErrorCode::diskFull,
            "The disk of the data folder cannot be written (full, over its quota, or failing): " +
                std::string(error.what()) + ". What is stored is safe.");
    default:
        if (lacksPartOfSchema(error))
            throwDamage(error);
        throw Error(ErrorCode::internal, std::string("database: ") + error.what());
    }
}

void rethrowOf(const SQLite::Exception& error, const std::filesystem::path& file) {
    switch (error.getErrorCode() & 0xFF) {
    case SQLITE_ERROR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        throw Error(ErrorCode::invalid, file.string() + " is no readable backup: " + error.what());
    default: rethrow(error);
    }
}

} // namespace gatefold::store
