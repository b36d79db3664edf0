#include "cli/commands.hpp"
#include "core/error.hpp"
#include "platform/store_lock.hpp"
#include "platform/system_clock.hpp"
#include "store/store.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace gatefold::cli {

namespace {

constexpr auto patience = std::chrono::minutes(2);

struct RestoreOptions {
    std::string file;
    bool verify_only = false;
};

std::string inWords(const BackupInfo& info) {
    return info.file + ": " + thousands(info.copies) + " copies, " + thousands(info.scans) +
           " scans, " + thousands(info.plays) + " plays, " + thousands(info.bytes) + " bytes";
}

/// Reads the store only, so it needs no lock and disturbs no daemon.
Exit backup(Context& context, const std::string& out) {
    const platform::SystemClock clock;
    if (!std::filesystem::exists(store::databaseFile(context.store())))
        throw Error(ErrorCode::notFound,
                    "There is nothing to back up in " + context.store().string() + " yet.");
    const BackupInfo info = store::BackupFiles(context.store(), clock).backup(out);
    context.show(json::parse(json::write(info)),
                 [&] { std::cout << "Backed up and checked. " << inWords(info) << '\n'; });
    return Exit::done;
}

/// A running daemon puts the backup in place itself: it gets the file and a sign, starts anew, and
/// answers again. Throws `unavailable` when it does not.
void handOver(Context& context, const std::string& file) {
    namespace fs = std::filesystem;
    const fs::path pending = store::pendingRestore(context.store());
    const fs::path unfinished = pending.string() + ".part";
    fs::copy_file(file, unfinished, fs::copy_options::overwrite_existing);
    fs::permissions(unfinished, fs::perms::owner_read | fs::perms::owner_write);
    struct ::stat owner {};
    if (::stat(context.store().c_str(), &owner) == 0 &&
        ::chown(unfinished.c_str(), owner.st_uid, owner.st_gid) != 0)
        throw Error(ErrorCode::unavailable,
                    "The backup cannot be handed to gatefoldd: run this as root.");
    fs::rename(unfinished, pending);
    const auto daemon = platform::StoreLock::holder(context.store());
    if (!daemon || ::kill(*daemon, SIGHUP) != 0)
        throw Error(ErrorCode::unavailable, "gatefoldd cannot be told: run this as root.");
    for (const auto until = std::chrono::steady_clock::now() + patience;
         std::chrono::steady_clock::now() < until;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (fs::exists(pending.string() + ".refused"))
            throw Error(ErrorCode::invalid,
                        "gatefoldd refused the backup; its log says why. The store is as it was.");
        if (!fs::exists(pending) && !platform::StoreLock::tryTake(context.store()))
            return;
    }
    throw Error(ErrorCode::unavailable,
                "gatefoldd has not started anew; look at its log. The backup waits in " +
                    pending.string() + ".");
}

Exit restore(Context& context, const RestoreOptions& options) {
    const BackupInfo info = store::verifyBackup(options.file);
    if (options.verify_only) {
        context.show(json::parse(json::write(info)),
                     [&] { std::cout << "This backup is good. " << inWords(info) << '\n'; });
        return Exit::done;
    }
    const auto lock = platform::StoreLock::tryTake(context.store());
    if (!lock) {
        handOver(context, options.file);
        context.show(json::parse(json::write(info)), [&] {
            std::cout << "Restored by the running gatefoldd. " << inWords(info) << '\n';
        });
        return Exit::done;
    }
    const platform::SystemClock clock;
    const auto replaced = store::restoreBackup(options.file, context.store(), clock);
    json::Value done = json::parse(json::write(info));
    done.set("replaced", replaced.empty() ? json::Value() : json::Value(replaced.string()));
    context.show(done, [&] {
        std::cout << "Restored. " << inWords(info) << '\n';
        if (!replaced.empty())
            std::cout << "What was there before is kept in " << replaced.string() << '\n';
    });
    return Exit::done;
}

} // namespace

void addBackup(CLI::App& app, Context& context) {
    auto out = std::make_shared<std::string>();
    auto options = std::make_shared<RestoreOptions>();
    CLI::App* backing = app.add_subcommand("backup", "an online backup of the store, checked");
    backing
        ->add_option("--out", *out, "where to (default: a new file in the store's folder backups)")
        ->type_name("FILE");
    backing->callback(
        [&context, out] { context.command = [&context, out] { return backup(context, *out); }; });
    CLI::App* restoring = app.add_subcommand(
        "restore", "puts a backup in the place of the store; checks it before it replaces");
    restoring->add_option("FILE", options->file, "the backup")->required();
    restoring->add_flag("--verify-only", options->verify_only, "only checks it");
    restoring->callback([&context, options] {
        context.command = [&context, options] { return restore(context, *options); };
    });
}

} // namespace gatefold::cli
