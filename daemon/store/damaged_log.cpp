#include "store/damaged_log.hpp"

#include "os/atomic_file.hpp"
#include "os/file_descriptor.hpp"
#include "store/backups.hpp"
#include "store/database_file.hpp"
#include "store/kept_log.hpp"
#include "store/write_ahead_log.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// Of a damaged log that is kept.
fs::path damagedName(const fs::path& folder, WallTime now) {
    return unusedName(folder, damagedBeginning, backupName(now) + "-wal");
}

/// Gives the log a second name, or copies it.
fs::path keep(const fs::path& log, const fs::path& folder, WallTime now) {
    try {
        const os::FileDescriptor writing = writeBackups(folder);
        fs::path kept = damagedName(folder / "backups", now);
        keepAs(log, kept);
        return kept;
    } catch (const std::exception& error) {
        spdlog::warn("store: the damaged log is not kept with the backups reason={}", error.what());
    }
    fs::path kept = damagedName(folder, now);
    keepAs(log, kept);
    return kept;
}

/// False also where nobody can tell.
bool isRoomFor(const fs::path& log) {
    std::error_code error;
    const auto bytes = fs::file_size(log, error);
    const auto space = fs::space(log.parent_path(), error);
    return !error && space.available >= bytes;
}

void giveUp(const fs::path& kept, const char* reason) {
    std::error_code ignored; // a name that cannot be removed is what a failing disk leaves
    fs::remove(kept, ignored);
    spdlog::error("store: the damaged log is not kept reason={}", reason);
}

constexpr const char* needsRoom = "no room would be left for the start";

/// Nothing where it is not kept.
std::optional<fs::path> tryKeep(const fs::path& log, const fs::path& folder, WallTime now) {
    try {
        fs::path kept = keep(log, folder, now);
        if (isRoomFor(log))
            return kept;
        giveUp(kept, needsRoom);
    } catch (const std::exception& error) {
        spdlog::error("store: the damaged log is not kept reason={}", error.what());
    }
    return std::nullopt;
}

/// A log that stays goes on to be written, under all its names: then what is kept becomes a copy.
/// Whether something is kept.
bool separate(const fs::path& log, const fs::path& kept) {
    std::error_code gone;
    if (!fs::equivalent(log, kept, gone))
        return true;
    if (!isRoomFor(log)) {
        giveUp(kept, needsRoom);
        return false;
    }
    try {
        os::copyAtomically(log, kept, 0600);
        return true;
    } catch (const std::exception& error) {
        giveUp(kept, error.what());
        return false;
    }
}

/// A name that is not on the disk yet is no reason to stay off.
void trySync(const fs::path& folder) {
    try {
        os::syncFolder(folder);
    } catch (const std::exception& error) {
        spdlog::warn("store: the name of the damaged log may be lost reason={}", error.what());
    }
}

/// So that what lies behind the damage is found only once. The log stays where another program
/// holds the database, or it cannot be written.
void foldIn(const fs::path& database) {
    try {
        foldLogIn(database, std::chrono::milliseconds(0));
    } catch (const std::exception& error) {
        spdlog::warn("store: the damaged log is not removed yet reason={}", error.what());
    }
}

} // namespace

void setDamagedLogAside(const fs::path& database, WallTime now) {
    const LogState state = stateOfLog(database);
    // SQLite reads no further than to the last commit that it reaches: where that works, the store
    // does.
    if (state == LogState::unreadable)
        spdlog::error("store: the log cannot be read whole, commits may be lost");
    if (state != LogState::damaged)
        return;
    spdlog::error("store: the log is damaged, the commits behind the damage are lost");
    const fs::path log = logOf(database);
    const auto kept = tryKeep(log, database.parent_path(), now);
    if (kept)
        trySync(kept->parent_path());
    foldIn(database);
    if (kept && separate(log, *kept))
        tellDamagedLogKept(*kept);
}

void tellDamagedLogKept(const fs::path& kept) {
    spdlog::error("store: the damaged log is kept in={}", kept.string());
}

} // namespace gatefold::store
