#include "store/restore_request.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "os/file_lock.hpp"
#include "os/read_file.hpp"
#include "store/backup_check.hpp"
#include "store/database_file.hpp"
#include "store/replaced_store.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr auto pollEvery = std::chrono::milliseconds(50);
/// Large databases on slow cards take minutes.
constexpr auto takenPatience = std::chrono::minutes(30);
constexpr std::size_t maxAnswerBytes = 65536;

struct Names {
    explicit Names(const fs::path& folder)
        : lock(folder / "restore.lock"),
          unfinished(folder / "restore.part"),
          pending(folder / "restore.pending"),
          taken(folder / "restore.taken"),
          answer(folder / "restore.answer") {}
    fs::path lock, unfinished, pending, taken, answer;
};

/// What the daemon says. `problem` is empty when the backup is in place, else a message that tells
/// what the store is now.
struct RestoreAnswer {
    std::string problem;
    BackupInfo info;
    std::string replaced;
    static constexpr auto fields =
        fieldList(field("problem", &RestoreAnswer::problem), field("info", &RestoreAnswer::info),
                  field("replaced", &RestoreAnswer::replaced));
};

void removeLeftovers(const Names& names) {
    for (const fs::path& left : {names.pending, names.taken, names.answer}) {
        std::error_code ignored; // without a command that waits it is put in place by nobody
        fs::remove(left, ignored);
    }
    const UnfinishedDatabase removed(names.unfinished);
}

/// True when `from` was there and has the name `to` now.
bool renamed(const fs::path& from, const fs::path& to) {
    if (std::rename(from.c_str(), to.c_str()) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    throw os::fileError("cannot rename " + from.string() + " to", to, errno);
}

RestoreAnswer putInPlace(const fs::path& pending, const fs::path& folder, const Clock& clock) {
    try {
        const Restored restored = restoreBackup(GivenDatabase(pending), folder, clock);
        spdlog::info("store: restored, the one before is kept in={}", restored.replaced.string());
        return {"", restored.info, restored.replaced.string()};
    } catch (const NotPutBack& error) {
        spdlog::error("store: not restored reason={}", error.what());
        return {error.what(), {}, {}};
    } catch (const std::exception& error) {
        spdlog::error("store: not restored reason={}", error.what());
        return {std::string(error.what()) + " The store is as it was.", {}, {}};
    }
}

} // namespace

RestoreRequest::RestoreRequest(fs::path folder) : folder_(std::move(folder)) {
    os::makeFolder(folder_, 0750);
    auto lock = os::tryLock(Names(folder_).lock);
    if (!lock)
        throw Error(ErrorCode::conflict, "Another restore of this store is at work.");
    lock_ = *std::move(lock);
    removeLeftovers(Names(folder_));
}

/// One checked file, whatever was given: what is no backup does not disturb the daemon.
void RestoreRequest::layDown(const GivenDatabase& given) {
    requireOtherThanStore(given, folder_);
    const Names names(folder_);
    UnfinishedDatabase unfinished(names.unfinished);
    unfinished.copyFrom(given);
    verifyDatabase(unfinished.path(), given.name());
    unfinished.putInPlace(names.pending);
}

bool RestoreRequest::withdraw() {
    const Names names(folder_);
    if (!renamed(names.pending, names.unfinished))
        return false;
    const UnfinishedDatabase removed(names.unfinished);
    return true;
}

void RestoreRequest::throwEnded() {
    const bool taken = !withdraw();
    removeLeftovers(Names(folder_)); // the store's lock is held: no daemon is at work on it
    throw Error(ErrorCode::unavailable,
                taken ? "gatefoldd ended before it answered: the store is the one before or the "
                        "restored one, whole. Look at gatefoldd's log, and restore again."
                      : "gatefoldd ended before it took the backup; it is withdrawn, and the store "
                        "is as it was. Look at gatefoldd's log, and restore again.");
}

Restored RestoreRequest::handOver(const GivenDatabase& given, const RunningDaemon& daemon,
                                  std::chrono::milliseconds patience) {
    layDown(given);
    try {
        daemon.wake();
    } catch (...) {
        withdraw();
        throw;
    }
    const Names names(folder_);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!fs::exists(names.answer)) {
        if (daemon.ended() && !fs::exists(names.answer))
            throwEnded();
        const auto now = std::chrono::steady_clock::now();
        if (now > until + takenPatience)
            throw Error(ErrorCode::unavailable,
                        "gatefoldd took the backup and has not answered; its log says what became "
                        "of it.");
        if (now > until && withdraw())
            throw Error(ErrorCode::unavailable,
                        "gatefoldd did not take the backup; it is withdrawn, and the store is as "
                        "it was. Look at gatefoldd's log, or stop it and restore without it.");
        std::this_thread::sleep_for(pollEvery);
    }
    const auto answer =
        json::read<RestoreAnswer>(json::parse(os::readFile(names.answer, maxAnswerBytes)));
    fs::remove(names.answer);
    if (!answer.problem.empty())
        throw Error(ErrorCode::invalid, "gatefoldd refused the backup: " + answer.problem);
    Restored restored{answer.info, answer.replaced};
    restored.info.file = given.name().string();
    restored.info.bytes = given.bytes();
    restored.info.made_at = given.writtenAt();
    return restored;
}

bool restoreWaits(const fs::path& folder) {
    const Names names(folder);
    try {
        return fs::exists(names.pending) && !os::tryLock(names.lock);
    } catch (const Error& error) {
        spdlog::error("store: no backup can be put in place reason={}", error.message());
        return false;
    }
}

void takeRestore(const fs::path& folder, const Clock& clock) {
    const Names names(folder);
    removeUnfinishedRestore(folder);
    std::optional<os::FileDescriptor> nobody_waits;
    try {
        nobody_waits = os::tryLock(names.lock);
    } catch (const Error& error) { // a box without restores is better than none
        return spdlog::error("store: no backup can be put in place reason={}", error.message());
    }
    if (nobody_waits) {
        if (fs::exists(names.pending))
            spdlog::warn("store: a backup that nobody waits for any more is not restored");
        removeLeftovers(names);
        return;
    }
    // `restore.taken`: this process was killed at it, and the command waits still.
    if (!renamed(names.pending, names.taken) && !fs::exists(names.taken))
        return;
    const RestoreAnswer answer = putInPlace(names.taken, folder, clock);
    try {
        os::writeAtomically(names.answer, json::write(answer), 0600);
    } catch (const Error& error) {
        spdlog::error("store: a restore was not answered reason={}", error.message());
    }
    fs::remove(names.taken);
}

} // namespace gatefold::store
