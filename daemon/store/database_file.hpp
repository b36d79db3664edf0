#pragma once

#include "store/given_database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace gatefold::store {

/// A database under a temporary name: removed with its journals at the end of its scope, unless it
/// was put in place.
class UnfinishedDatabase {
public:
    /// Removes what an interrupted run left under that name.
    explicit UnfinishedDatabase(std::filesystem::path path);
    UnfinishedDatabase(const UnfinishedDatabase&) = delete;
    UnfinishedDatabase& operator=(const UnfinishedDatabase&) = delete;
    ~UnfinishedDatabase();

    const std::filesystem::path& path() const noexcept { return path_; }
    /// Fills it with what `source` holds, its log included, through SQLite's backup API: one file
    /// (0600) that needs no log. Throws SQLite::Exception, Error `unavailable` when a writer keeps
    /// the source busy, Error as os::fileError where another file has that name. Nothing is left of
    /// it then.
    void copyFrom(SQLite::Database& source);
    /// The same of a file that was given, read in a copy of it and its logs. Throws Error `invalid`
    /// for what is no database, `diskFull`, `unavailable`.
    void copyFrom(const GivenDatabase& given);
    /// Gives the closed database its name, on the disk. Throws as os::replaceFile.
    void putInPlace(const std::filesystem::path& file);

private:
    std::filesystem::path copyOfGiven() const { return path_.string() + ".given"; }
    void removeAll() noexcept;

    std::filesystem::path path_;
};

/// What the name of a database ends with until it is put in place under the name before that.
inline constexpr std::string_view unfinishedEnding = ".part";

/// Endings of the files beside a database that belong to its content: commits that it does not hold
/// yet, or the pages that an unfinished commit replaced.
inline constexpr std::array logEndings{"-wal", "-journal"};

/// A URI under which SQLite reads the file as it lies: no lock, no log, nothing made beside it.
std::string immutableUri(const std::filesystem::path& file);

/// The write-ahead log of a database. SQLite keeps it beside the file that a symbolic link points
/// at.
std::filesystem::path logOf(const std::filesystem::path& database);

/// Whether a file is there and not empty.
bool holdsBytes(const std::filesystem::path& file) noexcept;

} // namespace gatefold::store
