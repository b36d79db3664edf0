#include "store/replaced_files.hpp"

#include "store/database_file.hpp"
#include "store/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <system_error>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

using Paths = std::vector<fs::path>;

/// Paths in the folder of backups that begin as those of replaced stores do; nothing where it is
/// there and cannot be read.
std::optional<Paths> replacedIn(const fs::path& folder) {
    Paths names;
    std::error_code error;
    fs::directory_iterator entries(folder / "backups", error);
    if (error == std::errc::no_such_file_or_directory)
        return names;
    for (; !error && entries != end(entries); entries.increment(error))
        if (entries->path().filename().string().starts_with(replacedBeginning))
            names.push_back(entries->path());
    return error ? std::nullopt : std::optional(names);
}

/// False where it cannot be read now.
bool addPhotosOf(const fs::path& replaced, std::set<std::string>& hashes) {
    try {
        SQLite::Database database(immutableUri(replaced), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        SQLite::Statement row(database, "SELECT DISTINCT hash FROM copy_covers");
        while (row.executeStep())
            hashes.insert(row.getColumn(0).getString());
        return true;
    } catch (const SQLite::Exception& error) {
        const int code = error.getErrorCode() & 0xFF; // damaged: nobody can tell its photos
        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR)
            return true;
        spdlog::warn("store: unused covers are not deleted while this cannot be read file={} "
                     "reason={}",
                     replaced.string(), error.what());
        return false;
    }
}

/// A log that was moved away from the database belongs to what has this name.
bool hasLogOfItsOwn(const fs::path& name, const std::string& database) {
    std::error_code error;
    for (const char* ending : logEndings)
        if (fs::exists(name.string() + ending, error) &&
            !fs::equivalent(name.string() + ending, database + ending, error))
            return true;
    return false;
}

} // namespace

void removeSecondNames(const fs::path& folder) noexcept {
    std::error_code error;
    const std::string database = databaseFile(folder).string();
    for (const fs::path& name : replacedIn(folder).value_or(Paths()))
        for (const char* ending : {"", "-wal", "-journal"})
            if (fs::equivalent(name, database + ending, error) && !fs::is_symlink(name, error) &&
                !hasLogOfItsOwn(name, database))
                fs::remove(name, error);
}

std::optional<std::set<std::string>> photosOfReplaced(const fs::path& folder) {
    const auto replaced = replacedIn(folder);
    std::set<std::string> hashes;
    for (const fs::path& name : replaced.value_or(Paths()))
        if (name.extension() == ".sqlite" && !addPhotosOf(name, hashes))
            return std::nullopt;
    return replaced ? std::optional(hashes) : std::nullopt;
}

} // namespace gatefold::store
