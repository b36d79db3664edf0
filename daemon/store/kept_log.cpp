#include "store/kept_log.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "store/clean_stop.hpp"
#include "store/database_file.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <string>
#include <system_error>
#include <thread>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// Damaged, of another program, or on a disk that does not give it back.
bool cannotBeRead(const SQLite::Exception& error) {
    switch (error.getExtendedErrorCode()) {
    case SQLITE_IOERR_READ:
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_CORRUPTFS: return true;
    default:
        const int code = error.getErrorCode() & 0xFF;
        return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
    }
}

/// The file then says that it lacks no log. False while another program has it open, for which
/// SQLite does not wait.
bool endLogging(SQLite::Database& opened, std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const int code = opened.tryExec("PRAGMA journal_mode = DELETE");
        if (code == SQLITE_OK)
            return true;
        if ((code & 0xFF) != SQLITE_BUSY)
            throw SQLite::Exception(opened.getHandle(), code);
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

} // namespace

bool nameInUse(const fs::path& file) {
    return fs::exists(fs::symlink_status(file));
}

fs::path unusedName(const fs::path& folder, std::string_view beginning, const std::string& ending,
                    const std::function<bool(const fs::path&)>& in_use) {
    fs::path name = folder / (std::string(beginning) + ending);
    for (int n = 2; in_use(name); ++n)
        name = folder / (std::string(beginning) + std::to_string(n) + "-" + ending);
    return name;
}

void keepAs(const fs::path& file, const fs::path& kept) {
    if (fs::is_symlink(file))
        return fs::create_symlink(fs::absolute(file).parent_path() / fs::read_symlink(file), kept);
    std::error_code error;
    fs::create_hard_link(file, kept, error);
    if (error)
        os::copyAtomically(file, kept, 0600);
}

bool foldLogIn(const fs::path& database, std::chrono::milliseconds patience) {
    const bool has_log = holdsBytes(logOf(database));
    try {
        SQLite::Database opened(database.string(), SQLite::OPEN_READWRITE,
                                static_cast<int>(patience.count()));
        opened.exec("SELECT count(*) FROM sqlite_schema"); // SQLite looks for logs now
        // TRUNCATE would empty the log under all its names; closing removes this one.
        const int busy = opened.execAndGet("PRAGMA wal_checkpoint(RESTART)").getInt();
        if (busy != 0 || !endLogging(opened, patience))
            throw Error(ErrorCode::unavailable, "Another program holds the database; try again.");
        if (has_log)
            tryUnmarkClean(database, patience);
        return true;
    } catch (const SQLite::Exception& error) {
        if (!cannotBeRead(error))
            throw;
        spdlog::warn("store: the log is not folded in file={} reason={}", database.string(),
                     error.what());
        return false;
    }
}

} // namespace gatefold::store
