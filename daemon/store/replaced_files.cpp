#include "store/replaced_files.hpp"

#include "store/database_file.hpp"
#include "store/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <system_error>
#include <vector>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// Names in the folder of backups that begin as those of replaced stores do.
std::vector<fs::path> replacedIn(const fs::path& folder) {
    std::vector<fs::path> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder / "backups", none))
        if (entry.path().filename().string().starts_with(replacedBeginning))
            names.push_back(entry.path());
    return names;
}

void addPhotosOf(const fs::path& replaced, std::set<std::string>& hashes) {
    try {
        SQLite::Database database(immutableUri(replaced), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        SQLite::Statement row(database, "SELECT DISTINCT hash FROM copy_covers");
        while (row.executeStep())
            hashes.insert(row.getColumn(0).getString());
    } catch (const SQLite::Exception&) {
        return; // it is damaged: nobody can tell which photos were its own
    }
}

} // namespace

void removeSecondNames(const fs::path& folder) noexcept {
    std::error_code error;
    const std::string database = databaseFile(folder).string();
    for (const fs::path& name : replacedIn(folder))
        for (const char* ending : {"", "-wal", "-journal"})
            if (fs::equivalent(name, database + ending, error) && !fs::is_symlink(name, error))
                fs::remove(name, error);
}

std::set<std::string> photosOfReplaced(const fs::path& folder) {
    std::set<std::string> hashes;
    for (const fs::path& name : replacedIn(folder))
        if (name.extension() == ".sqlite")
            addPhotosOf(name, hashes);
    return hashes;
}

} // namespace gatefold::store
