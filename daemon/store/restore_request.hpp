#pragma once

#include "core/fields.hpp"
#include "os/file_descriptor.hpp"
#include "store/restore.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

/// How `gatefold restore` has a running daemon put a backup in place. The command lays the backup
/// down as `restore.pending` and wakes the daemon; the daemon renames it to `restore.taken`, puts
/// it in place before it opens the store again, and writes `restore.answer`. Either side's rename
/// of `restore.pending` decides whether it is taken or withdrawn. While the command waits it holds
/// `restore.lock`; what lies there without that is left over and is never put in place.
namespace gatefold::store {

/// The daemon, as the command sees it.
struct RunningDaemon {
    std::function<void()> wake;
    /// Whether it has ended; from then on this process holds the store's lock.
    std::function<bool()> ended;
};

/// The command's side.
class RestoreRequest {
public:
    /// Throws Error `conflict` when another restore of this store is at work.
    explicit RestoreRequest(std::filesystem::path folder);

    /// Hands a backup over, wakes the daemon, and waits for its answer. A backup that is not taken
    /// within `patience` is withdrawn. Throws Error `invalid` for what is no backup or was refused,
    /// `unavailable` when it was withdrawn or the daemon ended before it answered.
    Restored handOver(const GivenDatabase& given, const RunningDaemon& daemon,
                      std::chrono::milliseconds patience);

private:
    void layDown(const GivenDatabase& given);
    bool withdraw();
    [[noreturn]] void throwEnded();

    std::filesystem::path folder_;
    os::FileDescriptor lock_;
};

/// The daemon's side: whether a restore waits for it.
bool restoreWaits(const std::filesystem::path& folder);

/// Puts in place what a waiting command handed over, and answers it; removes what was left over.
/// The caller holds the store's lock and has not opened the store. What goes wrong is the answer;
/// the store of before is in place then.
void takeRestore(const std::filesystem::path& folder, const Clock& clock);

} // namespace gatefold::store
