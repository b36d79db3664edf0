#include "store/schema_check.hpp"

#include "core/error.hpp"
#include "store/connection.hpp"
#include "store/migrations.hpp"

#include <map>
#include <string>
#include <utility>

namespace gatefold::store {

namespace {

/// What belongs to a table: the table itself, its indexes and triggers.
struct SchemaPart {
    std::string table, sql;
    bool operator==(const SchemaPart&) const = default;
};
/// By kind and name: "table people".
using SchemaParts = std::map<std::string, SchemaPart>;

/// SQLite's own tables and indexes are left out.
SchemaParts partsOf(SQLite::Database& database) {
    SchemaParts parts;
    SQLite::Statement row(database, "SELECT type, name, tbl_name, coalesce(sql, '') "
                                    "FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'");
    while (row.executeStep())
        parts[row.getColumn(0).getString() + " " + row.getColumn(1).getString()] = {
            row.getColumn(2).getString(), row.getColumn(3).getString()};
    return parts;
}

} // namespace

void requireSchema(SQLite::Database& database, int version, const std::filesystem::path& shown_as) {
    Connection fresh(":memory:", Connection::Mode::readWrite);
    makeSchema(fresh, version);
    const SchemaParts expected = partsOf(fresh.database()), found = partsOf(database);
    const std::string name = shown_as.string();
    for (const auto& [part, made] : expected) {
        const auto other = found.find(part);
        if (other == found.end() || other->second != made)
            throw Error(ErrorCode::invalid, name + " is no usable backup of Gatefold: its " + part +
                                                " is missing or was changed.");
    }
    for (const auto& [part, made] : found)
        if (!expected.contains(part) && expected.contains("table " + made.table))
            throw Error(ErrorCode::invalid, name + " is no usable backup of Gatefold: its " + part +
                                                " on " + made.table +
                                                " is not Gatefold's; remove it from the file.");
}

} // namespace gatefold::store
