#pragma once

#include <chrono>
#include <filesystem>

namespace SQLite {
class Database;
}

/// The mark of a database that was closed in order, or was just checked: the next start need not
/// check it. Functions throw SQLite::Exception unless they say otherwise.
namespace gatefold::store {

/// The database has the table of settings.
bool isMarkedClean(SQLite::Database& database);

/// The database has the table of settings.
void markClean(SQLite::Database& database);

/// Does nothing where there is no mark, or no table of settings.
void unmarkClean(SQLite::Database& database);

/// The same of a database that nothing is lost from where the mark stays, since then the next start
/// only checks less: a failure is written to the daemon's log, not thrown. Waits up to `patience`
/// for another program.
void tryUnmarkClean(const std::filesystem::path& database, std::chrono::milliseconds patience);

} // namespace gatefold::store
