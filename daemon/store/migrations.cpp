#include "store/migrations.hpp"

#include "core/error.hpp"
#include "store/database_file.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t copiesKept = 3;

int schemaOf(SQLite::Database& database) {
    return database.execAndGet("PRAGMA user_version").getInt();
}

/// Copies made before earlier migrations, oldest first.
std::vector<fs::path> copiesBeside(const fs::path& file) {
    std::vector<fs::path> copies;
    for (const auto& entry : fs::directory_iterator(file.parent_path()))
        if (entry.path().filename().string().starts_with(file.filename().string() + ".before-"))
            copies.push_back(entry.path());
    std::sort(copies.begin(), copies.end(), [](const fs::path& a, const fs::path& b) {
        return fs::last_write_time(a) < fs::last_write_time(b);
    });
    return copies;
}

/// What a start that was killed left.
void removeUnfinishedCopies(const fs::path& file) {
    for (const fs::path& copy : copiesBeside(file)) {
        std::error_code ignored; // it only takes space
        if (copy.filename().string().find(unfinishedEnding) != std::string::npos)
            fs::remove(copy, ignored);
    }
}

void copyAside(SQLite::Database& database, const fs::path& file, int schema,
               const std::string& time_in_name) {
    removeUnfinishedCopies(file);
    const fs::path copy =
        file.string() + ".before-" + std::to_string(schema + 1) + "-" + time_in_name;
    UnfinishedDatabase unfinished(copy.string() + std::string(unfinishedEnding));
    unfinished.copyFrom(database);
    unfinished.putInPlace(copy);
    auto copies = copiesBeside(file);
    for (std::size_t i = 0; i + copiesKept < copies.size(); ++i) {
        std::error_code ignored; // an old copy that cannot be removed is no reason not to start
        fs::remove(copies[i], ignored);
    }
}

/// Its schema. Throws `unusableStore` when this program cannot work with it.
int usableSchema(SQLite::Database& database, const fs::path& file, int newest) {
    const int schema = schemaOf(database);
    if (schema > newest)
        throw Error(ErrorCode::unusableStore,
                    "The database " + file.string() + " was written by a newer Gatefold (schema " +
                        std::to_string(schema) + ", this one knows " + std::to_string(newest) +
                        "). Install the newer version again, or put an older backup back.");
    if (schema == 0 && database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0)
        throw Error(ErrorCode::unusableStore, "The file " + file.string() +
                                                  " is no database of Gatefold. Move it away, or "
                                                  "choose another data folder (store.path).");
    return schema;
}

void apply(SQLite::Database& database, int schema, std::span<const Migration> steps) {
    // Steps may rebuild tables that others point at; what they leave is checked before each is
    // committed.
    database.exec("PRAGMA foreign_keys = OFF");
    for (const Migration& step : steps) {
        if (step.version <= schema)
            continue;
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        database.exec(std::string(step.sql));
        database.exec("PRAGMA user_version = " + std::to_string(step.version));
        if (SQLite::Statement(database, "PRAGMA foreign_key_check").executeStep())
            throw Error(ErrorCode::internal, "Migration " + std::string(step.name) +
                                                 " would leave rows without their owners.");
        transaction.commit();
    }
    database.exec("PRAGMA foreign_keys = ON");
}

} // namespace

int newestSchema() {
    return migrations().back().version;
}

void migrate(Connection& connection, const fs::path& file, const std::string& time_in_name,
             std::span<const Migration> steps) {
    SQLite::Database& database = connection.database();
    const int newest = steps.back().version, schema = usableSchema(database, file, newest);
    if (schema > 0 && schema < newest)
        copyAside(database, file, schema, time_in_name);
    if (schema < newest)
        apply(database, schema, steps);
}

void migrateWithoutCopy(Connection& connection, const fs::path& file) {
    const auto steps = migrations();
    apply(connection.database(), usableSchema(connection.database(), file, steps.back().version),
          steps);
}

void makeSchema(Connection& connection, int version) {
    const auto steps = migrations();
    const auto end = std::find_if(steps.begin(), steps.end(),
                                  [&](const Migration& step) { return step.version > version; });
    apply(connection.database(), 0, {steps.begin(), end});
}

} // namespace gatefold::store
