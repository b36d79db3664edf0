#pragma once

#include "core/time.hpp"

#include <filesystem>

namespace gatefold::store {

/// Keeps the log of the store's database as `damaged-…` before SQLite drops what it cannot reach in
/// it: with the backups, or beside the database where these have no folder or a disk of their own
/// that is full; not at all where the start needs the room, since a full disk is no reason to stay
/// off. What SQLite reaches of it is folded in. Does nothing with a log that is whole or cannot be
/// read. Writes to the daemon's log what was done, and what failed.
void setDamagedLogAside(const std::filesystem::path& database, WallTime now);

/// Writes to the daemon's log where a damaged one is kept.
void tellDamagedLogKept(const std::filesystem::path& kept);

} // namespace gatefold::store
