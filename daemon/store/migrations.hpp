#pragma once

#include "store/connection.hpp"

#include <filesystem>
#include <span>
#include <string_view>

namespace gatefold::store {

/// One step of the schema: migrations/NNNN_name.sql.
struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

/// All steps in order (generated from the folder at build time).
std::span<const Migration> migrations();
/// The schema that this program works with.
int newestSchema();

/// Brings a database to the newest of `steps`, each in a transaction of its own. An existing one is
/// copied first, named with schema and time; the last three copies stay. Throws Error
/// `unusableStore` for a schema from the future and for other programs' files.
void migrate(Connection& connection, const std::filesystem::path& file,
             const std::string& time_in_name, std::span<const Migration> steps = migrations());

/// The same for a database that is a copy itself.
void migrateWithoutCopy(Connection& connection, const std::filesystem::path& file);

/// Makes the tables of a schema in an empty database.
void makeSchema(Connection& connection, int version);

} // namespace gatefold::store
