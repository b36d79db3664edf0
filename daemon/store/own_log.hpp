#pragma once

#include <filesystem>

namespace gatefold::store {

/// Throws Error `unusableStore` where the log beside a store's database holds bytes and is not the
/// log of that database: where this is missing or empty, SQLite deletes the log, also to a
/// connection that only reads; where it is a backup that was copied there, the log's pages would be
/// mixed with its own. A rollback journal holds nothing of its own: beside an empty database it is
/// left of an interrupted first start. A process that has the database open keeps its locks.
void requireOwnLog(const std::filesystem::path& database);

/// False where requireOwnLog throws.
bool hasOwnLog(const std::filesystem::path& database);

} // namespace gatefold::store
