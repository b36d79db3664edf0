#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>

namespace gatefold::store {

/// Checks that Gatefold's tables are there as the migrations up to `version` make them, with their
/// indexes and triggers and no others; CHECKs, defaults, foreign keys, and the expressions, WHERE
/// and collations of indexes are not compared. Tables that are not Gatefold's do no harm unless
/// they refer to one that is. Throws Error `invalid`, naming the file as `shown_as`, and
/// SQLite::Exception.
void requireSchema(SQLite::Database& database, int version, const std::filesystem::path& shown_as);

/// Whether these numbers (PRAGMA application_id and user_version) mark a database as Gatefold's, of
/// a schema that this program knows.
bool markOurs(std::int64_t application_id, std::int64_t version);

/// The schema that a database says it has (PRAGMA user_version). Throws Error `invalid` for one of
/// another program or of a newer Gatefold; where only the numbers are missing that mark it as
/// Gatefold's, as in what SQLite's .dump gives, the message says how to set them.
int schemaOfOurs(SQLite::Database& database, const std::filesystem::path& shown_as);

} // namespace gatefold::store
