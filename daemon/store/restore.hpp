#pragma once

#include "ports/backups.hpp"
#include "ports/clock.hpp"
#include "store/given_database.hpp"

#include <filesystem>

namespace gatefold::store {

struct Restored {
    BackupInfo info; ///< of what is in place now; file, size and time are those of the backup
    /// Where the store of before is kept: its database, or the log of one that was missing; empty
    /// when there was none.
    std::filesystem::path replaced;
};

/// Throws Error `invalid` when `given` is the database of `folder` itself, under whatever name.
void requireOtherThanStore(const GivenDatabase& given, const std::filesystem::path& folder);

/// Puts a backup in the place of the database, brought to this program's schema; the one before
/// stays beside it with all that its log held. It is checked as it comes, before it is put in place
/// and there. The caller holds the store's lock. Whatever stops this leaves the old database or the
/// new one, whole. Throws Error `invalid` for what is no backup, `unavailable` when another program
/// holds the database, `diskFull`; NotPutBack
/// when neither could be had.
Restored restoreBackup(const GivenDatabase& given, const std::filesystem::path& folder,
                       const Clock& clock);

/// Removes what a restore that was killed left in `folder`. The caller holds the store's lock.
void removeUnfinishedRestore(const std::filesystem::path& folder) noexcept;

} // namespace gatefold::store
