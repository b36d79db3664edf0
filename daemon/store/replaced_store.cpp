#include "store/replaced_store.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "store/backups.hpp"
#include "store/damaged_log.hpp"
#include "store/database_file.hpp"
#include "store/kept_log.hpp"
#include "store/own_log.hpp"
#include "store/replaced_files.hpp"
#include "store/write_ahead_log.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds foldPatience(2);

/// What a damaged log is called that its database, `kept`, took in as far as it could be reached.
fs::path nameForDamagedLog(const fs::path& kept) {
    const std::string name = kept.filename().string().substr(replacedBeginning.size());
    return kept.parent_path() / (std::string(damagedBeginning) + name + "-wal");
}

/// Free with all that is kept beside it.
fs::path nameForReplaced(const fs::path& folder, const std::string& name) {
    return unusedName(folder, replacedBeginning, name, [](const fs::path& path) {
        bool used = nameInUse(path) || nameInUse(nameForDamagedLog(path));
        for (const char* ending : logEndings)
            used = used || nameInUse(path.string() + ending);
        return used;
    });
}

/// Also into another file system: the folder of backups may be a disk of its own.
void moveFile(const fs::path& file, const fs::path& to) {
    std::error_code error;
    fs::rename(file, to, error);
    if (error == std::errc::cross_device_link)
        keepAs(file, to);
    else if (error)
        throw fs::filesystem_error("cannot rename", file, to, error);
    fs::remove(file); // rename(2) leaves it where both are names of one file
}

/// As they lie in the file; nothing where it is damaged, or none of ours.
ReplacedStore::Numbers numbersIn(const fs::path& file) {
    ReplacedStore::Numbers numbers;
    try {
        SQLite::Database database(immutableUri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        SQLite::Statement row(database, "SELECT name, seq FROM sqlite_sequence");
        while (row.executeStep())
            numbers.emplace_back(row.getColumn(0).getString(), row.getColumn(1).getInt64());
    } catch (const SQLite::Exception& error) {
        spdlog::warn("store: numbers of the replaced database are lost reason={}", error.what());
    }
    return numbers;
}

} // namespace

ReplacedStore::ReplacedStore(fs::path database, const Clock& clock)
    : database_(std::move(database)),
      writing_(writeBackups(database_.parent_path())),
      kept_(nameForReplaced(database_.parent_path() / "backups", backupName(clock.now().wall))) {
    for (const char* ending : logEndings)
        if (holdsBytes(database_.string() + ending))
            keepAs(database_.string() + ending, kept_.string() + ending);
}

ReplacedStore::~ReplacedStore() {
    try {
        putBack();
    } catch (const std::exception& error) {
        spdlog::error("store: {}", error.what());
    }
}

ReplacedStore::Numbers ReplacedStore::numbers() {
    if (!fs::exists(database_))
        return {};
    if (!hasOwnLog(database_)) // both are kept as they are
        return numbersIn(database_);
    const fs::path log = logOf(database_), kept_log = kept_.string() + "-wal";
    const LogState state = stateOfLog(database_);
    if (state == LogState::unreadable)
        spdlog::error("store: the log of the replaced store cannot be read whole");
    damaged_log_ = state != LogState::whole;
    if (damaged_log_ && !nameInUse(kept_log)) // beside what a symbolic link points at
        keepAs(log, kept_log);
    os::syncFolder(kept_.parent_path());
    folded_ = foldLogIn(database_, foldPatience);
    if (folded_) {
        fs::remove(kept_.string() + "-journal"); // the database holds it now
        if (damaged_log_)
            keepDamagedLog();
        else
            fs::remove(kept_log);
    }
    return numbersIn(database_);
}

void ReplacedStore::keepDamagedLog() {
    const fs::path kept = nameForDamagedLog(kept_);
    spdlog::error("store: the log of the store before was damaged, commits may be lost");
    fs::rename(kept_.string() + "-wal", kept);
    os::syncFolder(kept.parent_path());
    tellDamagedLogKept(kept);
}

bool ReplacedStore::databaseIsThere() const {
    struct ::stat before {
    }, now{};
    return before_ && ::fstat(before_.get(), &before) == 0 &&
           ::lstat(database_.c_str(), &now) == 0 && before.st_dev == now.st_dev &&
           before.st_ino == now.st_ino;
}

void ReplacedStore::setAside() {
    // Closing it releases no lock, since O_PATH opens the name alone.
    before_ = os::FileDescriptor(::open(database_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (nameInUse(database_))
        keepAs(database_, kept_);
    for (const char* ending : logEndings) {
        const fs::path log = database_.string() + ending;
        if (holdsBytes(log))
            moveFile(log, kept_.string() + ending);
        else
            fs::remove(log);
    }
    fs::remove(database_.string() + "-shm"); // made anew from the log when it is needed
    os::syncFolder(kept_.parent_path());
    os::syncFolder(database_.parent_path());
    set_aside_ = true;
}

void ReplacedStore::putBack() {
    if (std::exchange(done_, true))
        return;
    try {
        movePartsBack();
    } catch (const std::exception& error) {
        throw NotPutBack("The store could not be put back from " + kept_.string() + ": " +
                         error.what());
    }
}

void ReplacedStore::movePartsBack() {
    const bool replaced = set_aside_ && !databaseIsThere();
    if (replaced && nameInUse(kept_))
        moveFile(kept_, database_);
    else if (replaced)
        fs::remove(database_);
    fs::remove(kept_);
    if (set_aside_)
        for (const char* ending : logEndings) // of the database that was refused
            fs::remove(database_.string() + ending);
    const bool still_unnamed = folded_ && damaged_log_ && nameInUse(kept_.string() + "-wal");
    if (still_unnamed) // the renaming failed when it was folded in
        keepDamagedLog();
    for (const char* ending : logEndings) {
        const fs::path log = database_.string() + ending, kept = kept_.string() + ending;
        if (nameInUse(kept) && !holdsBytes(log))
            moveFile(kept, log);
        fs::remove(kept);
    }
    os::syncFolder(database_.parent_path());
}

fs::path ReplacedStore::keep() noexcept {
    done_ = true;
    std::error_code error;
    for (const char* ending : {"", "-wal", "-journal"}) {
        fs::path kept = kept_.string() + ending;
        if (fs::exists(fs::symlink_status(kept, error)))
            return kept;
    }
    return {};
}

} // namespace gatefold::store
