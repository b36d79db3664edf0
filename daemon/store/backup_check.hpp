#pragma once

#include "ports/backups.hpp"
#include "store/given_database.hpp"

#include <filesystem>

namespace gatefold::store {

/// Checks a backup without touching it: that it is whole, ours, of a schema this program knows, and
/// usable by it. With a log beside it, or where this user may not open it again, all of it is
/// copied to the folder of temporary files and checked there. Throws Error `invalid`.
BackupInfo verifyBackup(const GivenDatabase& given);

/// The same of a database that nobody writes; messages call it `shown_as`.
BackupInfo verifyDatabase(const std::filesystem::path& database,
                          const std::filesystem::path& shown_as);

/// The same without the check that it is usable: what somebody added to the store's tables is no
/// reason to make no backup of it.
BackupInfo verifyMadeBackup(const std::filesystem::path& database,
                            const std::filesystem::path& shown_as);

} // namespace gatefold::store
