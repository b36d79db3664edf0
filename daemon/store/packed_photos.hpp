#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace gatefold::store {

/// The household's own photos travel inside a backup: they are nowhere else. Covers from online
/// sources stay out, and are fetched again. `folder` is the store's; both throw SQLite::Exception.
void packPhotos(SQLite::Database& backup, const std::filesystem::path& folder);

/// Lays the photos of a backup into the folder of covers, each on the disk, and takes them out of
/// the database. Throws Error as os::writeAtomically, too.
void unpackPhotos(SQLite::Database& backup, const std::filesystem::path& folder);

} // namespace gatefold::store
