#include "cli/commands.hpp"
#include "cli/log_state.hpp"
#include "cli/output_file.hpp"
#include "cli/socket_api.hpp"
#include "core/error.hpp"
#include "os/file_descriptor.hpp"
#include "os/file_lock.hpp"
#include "os/read_only.hpp"
#include "platform/store_lock.hpp"
#include "platform/system_clock.hpp"
#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/database_file.hpp"
#include "store/own_log.hpp"
#include "store/restore.hpp"
#include "store/restore_request.hpp"
#include "store/store.hpp"
#include "store/work_folder.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>

namespace gatefold::cli {

namespace {

/// What a daemon may take to stop, put the backup in place and start anew.
constexpr auto patience = std::chrono::minutes(2);

struct RestoreOptions {
    std::string file;
    bool verify_only = false;
};

std::string contentInWords(const BackupInfo& info) {
    return info.file + ": " + thousands(info.copies) + " copies, " + thousands(info.scans) +
           " scans, " + thousands(info.plays) + " plays, " + thousands(info.bytes) + " bytes";
}

std::filesystem::path backupsIn(const std::filesystem::path& folder) {
    return folder / "backups";
}

/// Made as `copied`, by the store's owner, and then copied to where only root may write.
MadeBackup backupBy(store::BackupFiles& backups, const std::filesystem::path& copied,
                    OutputFile& out, const std::string& name) {
    const store::UnfinishedDatabase unfinished(copied);
    MadeBackup made = backups.backup(copied.string());
    out.copy(copied);
    out.putInPlace();
    made.info.file = name;
    return made;
}

/// Whether the folder of backups, or where it would be made, is on a read-only file system.
bool backupsAreReadOnly(const std::filesystem::path& folder) {
    std::error_code missing;
    return os::isReadOnly(std::filesystem::exists(backupsIn(folder), missing) ? backupsIn(folder)
                                                                              : folder);
}

/// Made in the store's own folder, or among temporary files where nothing can be written there.
MadeBackup backupTo(store::BackupFiles& backups, const std::filesystem::path& folder,
                    OutputFile& out, const std::string& name) {
    if (backupsAreReadOnly(folder)) {
        const store::WorkFolder work;
        return backupBy(backups, work.path() / "backup", out, name);
    }
    const os::FileDescriptor writing = store::writeBackups(folder);
    return backupBy(backups, backupsIn(folder) / store::copiedBackup, out, name);
}

/// Whether a backup holds all; tells what it may lack.
bool holdsAll(store::LogState log) {
    switch (log) {
    case store::LogState::whole: return true;
    case store::LogState::unreadable:
        std::cerr << "gatefold: the log of the database is not whole: the disk does not give back "
                     "a part. What was stored from there on may be missing in this backup\n";
        break;
    case store::LogState::damaged:
        std::cerr << "gatefold: the log of the database is damaged; what was stored behind the "
                     "damage may be missing in this backup\n";
        break;
    }
    return false;
}

/// Of two that write the same unfinished file one goes on.
os::FileDescriptor lockStore(const std::filesystem::path& folder) {
    std::optional<os::FileDescriptor> lock = os::tryLockFolder(folder);
    if (!lock)
        throw Error(ErrorCode::conflict, "Another backup of this store is at work.");
    return *std::move(lock);
}

/// Opens the file with the caller's rights, before root becomes the store's owner. Nothing where
/// the backup can be made where it stays: nobody's rights change, or it is the store's own folder.
std::unique_ptr<OutputFile> openOutput(Context& context, const std::string& out) {
    const uid_t caller = ::geteuid();
    auto file = std::make_unique<OutputFile>(context.output(out), 0600);
    const std::filesystem::path backups = backupsIn(context.store());
    std::error_code missing;
    const bool in_store =
        std::filesystem::equivalent(std::filesystem::absolute(out).parent_path(), backups, missing);
    return in_store || ::geteuid() == caller ? nullptr : std::move(file);
}

/// Changes nothing of the store's database, so it needs no lock and disturbs no daemon.
Exit backup(Context& context, const std::string& out) {
    std::optional<os::FileDescriptor> lock;
    std::unique_ptr<OutputFile> file;
    if (!out.empty()) {
        lock = lockStore(context.storeToRead());
        file = openOutput(context, out);
    }
    const std::filesystem::path folder = context.store();
    const std::filesystem::path database = store::databaseFile(folder);
    store::requireOwnLog(database);
    if (!std::filesystem::exists(database) || std::filesystem::is_empty(database))
        throw Error(ErrorCode::notFound,
                    "There is nothing to back up in " + folder.string() + " yet.");
    const platform::SystemClock clock;
    store::BackupFiles backups(folder, clock);
    const MadeBackup made = file ? backupTo(backups, folder, *file, out) : backups.backup(out);
    context.show(json::parse(json::write(made.info)), [&] {
        std::cout << "Backed up and checked. " << contentInWords(made.info) << '\n';
    });
    if (!made.lost_photos.empty())
        std::cerr << "gatefold: " << lossInWords(made) << '\n';
    return holdsAll(stateOfLogIn(folder)) && made.lost_photos.empty() ? Exit::done : Exit::failed;
}

/// Whether the daemon answers, once it has started anew. Waits no longer than until it has ended.
bool answersAgain(SocketApi& daemon, const std::function<bool()>& ended) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until && !ended()) {
        try {
            daemon.ask("GET", "/healthz");
            return true;
        } catch (const Error&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    return false;
}

void wake(pid_t daemon) {
    if (::kill(daemon, SIGHUP) != 0 && errno != ESRCH) // the wait tells of one that has ended
        throw Error(ErrorCode::unavailable,
                    "gatefoldd does not take signals of this user: run this as its user, or as "
                    "root.");
}

/// A running daemon puts the backup in place itself, or refuses it; both ways it starts anew.
store::Restored handOver(store::RestoreRequest& request, const store::GivenDatabase& given,
                         const std::filesystem::path& folder) {
    SocketApi daemon(folder / "control.sock");
    std::optional<platform::StoreLock> lock; // free only when the daemon has ended
    bool woken = false;
    const store::RunningDaemon running{[&, process = daemon.process()] {
                                           woken = true;
                                           wake(process);
                                       },
                                       [&] {
                                           if (!lock)
                                               lock = platform::StoreLock::tryTake(folder);
                                           return lock.has_value();
                                       }};
    const auto requireAnswer = [&](const std::string& outcome) {
        if (!answersAgain(daemon, running.ended))
            throw Error(ErrorCode::unavailable,
                        outcome + " gatefoldd does not answer; look at its log.");
    };
    try {
        store::Restored restored = request.handOver(given, running, patience);
        requireAnswer("The backup is in place.");
        return restored;
    } catch (const Error& error) {
        if (woken && error.code() == ErrorCode::invalid)
            requireAnswer(error.message());
        throw;
    }
}

Exit verify(Context& context, const store::GivenDatabase& given) {
    const BackupInfo info = store::verifyBackup(given);
    context.show(json::parse(json::write(info)),
                 [&] { std::cout << "This backup is good. " << contentInWords(info) << '\n'; });
    return Exit::done;
}

Exit restore(Context& context, const RestoreOptions& options) {
    const store::GivenDatabase given(options.file); // before the command becomes the store's owner
    if (given.lacksLog())
        std::cerr << "gatefold: " << options.file
                  << " is a raw copy, and no log lies beside it: what was stored last may be "
                     "missing. If there was a gatefold.db-wal, copy it to "
                  << options.file << "-wal\n";
    if (options.verify_only) {
        if (::geteuid() == 0 && context.isConfigured())
            context.settings(); // SQLite reads a foreign file as the store's owner
        return verify(context, given);
    }
    const std::filesystem::path folder = context.store();
    store::RestoreRequest request(folder); // before the store's lock: of two restores one goes on
    const auto lock = platform::StoreLock::tryTake(folder);
    const store::Restored restored =
        lock ? store::restoreBackup(given, folder, platform::SystemClock())
             : handOver(request, given, folder);
    json::Value done = json::parse(json::write(restored.info));
    done.set("replaced",
             restored.replaced.empty() ? json::Value() : json::Value(restored.replaced.string()));
    context.show(done, [&] {
        std::cout << (lock ? "Restored. " : "Restored by the running gatefoldd. ")
                  << contentInWords(restored.info) << '\n';
        if (!restored.replaced.empty())
            std::cout << "What was there before is kept in " << restored.replaced.string() << '\n';
        std::cout << "Roles, sign-ins and tokens are those of the backup: what was revoked since "
                     "is valid again.\n";
    });
    return Exit::done;
}

} // namespace

Command backupCommand(Context& context) {
    auto out = std::make_shared<std::string>();
    return {.name = "backup",
            .help = "an online backup of the store, checked",
            .options = {{.name = "--out",
                         .target = out.get(),
                         .help = "where to (default: a new file in the store's folder backups)",
                         .value_name = "FILE"}},
            .run = [&context, out] { return backup(context, *out); }};
}

Command restoreCommand(Context& context) {
    auto options = std::make_shared<RestoreOptions>();
    return {
        .name = "restore",
        .help = "puts a backup in the place of the store; checks it before it replaces",
        .options =
            {{.name = "FILE", .target = &options->file, .help = "the backup", .required = true},
             {.name = "--verify-only", .target = &options->verify_only, .help = "only checks it"}},
        .run = [&context, options] { return restore(context, *options); }};
}

} // namespace gatefold::cli
