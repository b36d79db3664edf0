#include "store/clean_stop.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace gatefold::store {

bool isMarkedClean(SQLite::Database& database) {
    SQLite::Statement mark(database, "SELECT 1 FROM settings WHERE key = 'store.clean_stop'");
    return mark.executeStep();
}

void markClean(SQLite::Database& database) {
    database.exec("INSERT OR REPLACE INTO settings(key, value) VALUES ('store.clean_stop', '1')");
}

void unmarkClean(SQLite::Database& database) {
    if (database.tableExists("settings"))
        database.exec("DELETE FROM settings WHERE key = 'store.clean_stop'");
}

} // namespace gatefold::store
