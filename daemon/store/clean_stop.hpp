#pragma once

namespace SQLite {
class Database;
}

/// The mark of a database that was closed in order, or was just checked: the next start need not
/// check it. All throw SQLite::Exception.
namespace gatefold::store {

/// Of a database that has the table of settings, here and below.
bool isMarkedClean(SQLite::Database& database);

void markClean(SQLite::Database& database);

/// Does nothing where there is no mark, or no table of settings.
void unmarkClean(SQLite::Database& database);

} // namespace gatefold::store
