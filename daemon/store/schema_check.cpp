#include "store/schema_check.hpp"

#include "core/error.hpp"
#include "store/connection.hpp"
#include "store/migrations.hpp"

#include <map>
#include <string>
#include <utility>

namespace gatefold::store {

namespace {

/// A table with its columns, an index with its columns, or a trigger with its text. No other text
/// is compared: which words SQLite stores for a table, and what its own shadow tables have, depends
/// on its version.
struct SchemaPart {
    std::string table, content;
    bool operator==(const SchemaPart&) const = default;
};
/// By kind and name: "table people".
using SchemaParts = std::map<std::string, SchemaPart>;

constexpr const char* allParts =
    "SELECT part.type || ' ' || part.name, lower(part.tbl_name), "
    "CASE WHEN part.type = 'trigger' THEN part.sql WHEN part.type = 'index' THEN "
    "(SELECT i.\"unique\" || ' ' || i.partial FROM pragma_index_list(part.tbl_name) i "
    "WHERE i.name = part.name) || "
    "(SELECT group_concat(' ' || coalesce(name, '')) FROM pragma_index_info(part.name)) "
    "WHEN list.type = 'table' THEN "
    "(SELECT group_concat(c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk) "
    "FROM pragma_table_info(part.name) c) ELSE '' END "
    "FROM sqlite_schema part LEFT JOIN pragma_table_list list "
    "ON part.type = 'table' AND list.schema = 'main' AND list.name = part.name "
    "WHERE part.name NOT GLOB 'sqlite_*'";

constexpr const char* allReferences =
    "SELECT 'table ' || part.name, 'table ' || lower(key.\"table\") FROM sqlite_schema part "
    "JOIN pragma_foreign_key_list(part.name) key WHERE part.type = 'table'";

/// SQLite's own tables and indexes are left out.
SchemaParts partsOf(SQLite::Database& database) {
    SchemaParts parts;
    SQLite::Statement row(database, allParts);
    while (row.executeStep())
        parts[row.getColumn(0).getString()] = {row.getColumn(1).getString(),
                                               row.getColumn(2).getString()};
    return parts;
}

/// A row of such a table would forbid to delete what it refers to.
void refuseReferences(SQLite::Database& database, const SchemaParts& expected,
                      const std::string& refused) {
    SQLite::Statement row(database, allReferences);
    while (row.executeStep()) {
        const std::string from = row.getColumn(0).getString(), to = row.getColumn(1).getString();
        if (expected.contains(from) || !expected.contains(to))
            continue;
        std::string message = refused;
        message.append(from).append(", which is not Gatefold's, refers to ").append(to);
        throw Error(ErrorCode::invalid, message + "; remove it from the file.");
    }
}

/// "GFLD", set by the first migration.
constexpr int applicationId = 0x47464C44;

bool hasSchema(SQLite::Database& database, int version) {
    try {
        requireSchema(database, version, {});
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// Both numbers are set, also where one of them is right.
[[noreturn]] void refuseUnmarked(SQLite::Database& database,
                                 const std::filesystem::path& shown_as) {
    int version = newestSchema();
    while (version > 0 && !hasSchema(database, version))
        --version;
    const std::string name = shown_as.string();
    if (version == 0)
        throw Error(ErrorCode::invalid, name + " is no backup of Gatefold.");
    throw Error(ErrorCode::invalid,
                name +
                    " has Gatefold's tables, but its application_id and user_version do not say "
                    "so: SQLite's .dump and .clone leave them out. Set them: sqlite3 " +
                    name + " 'PRAGMA application_id = " + std::to_string(applicationId) +
                    "; PRAGMA user_version = " + std::to_string(version) + "'");
}

} // namespace

bool markOurs(std::int64_t application_id, std::int64_t version) {
    return application_id == applicationId && version >= 1 && version <= newestSchema();
}

int schemaOfOurs(SQLite::Database& database, const std::filesystem::path& shown_as) {
    const int found = database.execAndGet("PRAGMA user_version").getInt();
    if (found < 1 || database.execAndGet("PRAGMA application_id").getInt() != applicationId)
        refuseUnmarked(database, shown_as);
    if (found > newestSchema())
        throw Error(ErrorCode::invalid,
                    shown_as.string() + " was made by a newer Gatefold (schema " +
                        std::to_string(found) + ", this one knows " +
                        std::to_string(newestSchema()) + "); install that version first.");
    return found;
}

void requireSchema(SQLite::Database& database, int version, const std::filesystem::path& shown_as) {
    Connection fresh(":memory:", Connection::Mode::readWrite);
    makeSchema(fresh, version);
    const SchemaParts expected = partsOf(fresh.database()), found = partsOf(database);
    const std::string refused = shown_as.string() + " is no usable backup of Gatefold: its ";
    for (const auto& [part, made] : expected) {
        const auto other = found.find(part);
        if (other == found.end() || other->second != made)
            throw Error(ErrorCode::invalid, refused + part + " is missing or was changed.");
    }
    for (const auto& [part, made] : found)
        if (!expected.contains(part) && expected.contains("table " + made.table))
            throw Error(ErrorCode::invalid, refused + part + " on " + made.table +
                                                " is not Gatefold's; remove it from the file.");
    refuseReferences(database, expected, refused);
}

} // namespace gatefold::store
