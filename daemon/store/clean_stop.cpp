#include "store/clean_stop.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <spdlog/spdlog.h>

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

void tryUnmarkClean(const std::filesystem::path& database, std::chrono::milliseconds patience) {
    try {
        SQLite::Database opened(database.string(), SQLite::OPEN_READWRITE,
                                static_cast<int>(patience.count()));
        unmarkClean(opened);
    } catch (const SQLite::Exception& error) {
        spdlog::warn("store: mark of a clean stop not removed reason={}", error.what());
    }
}

} // namespace gatefold::store
