#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

/// What is done with the log of a database before it is given up: it gets a second name, and SQLite
/// takes in what it can reach of it. The caller holds the store's lock.
namespace gatefold::store {

/// Whether the name of a file is in use, also by a symbolic link that points nowhere.
bool nameInUse(const std::filesystem::path& file);

/// The first name that is not in use of `beginning` + `ending`, then with "2-" between them, "3-"
/// and on: the clock of a box may show the same time twice.
std::filesystem::path
unusedName(const std::filesystem::path& folder, std::string_view beginning,
           const std::string& ending,
           const std::function<bool(const std::filesystem::path&)>& in_use = nameInUse);

/// Gives a file a second name, which needs no room and reads nothing; a copy (0600) where the file
/// system has no links, or `kept` lies in another one. Of a symbolic link it is one that points at
/// the same file. Throws fs::filesystem_error, Error as os::copyAtomically.
void keepAs(const std::filesystem::path& file, const std::filesystem::path& kept);

/// Writes what SQLite can reach of the logs into their database; the bytes of one that has a second
/// name stay as they are. Removes the logs, and tries to remove the mark of a clean stop
/// (clean_stop.hpp) of a database that had a log. False where SQLite cannot read the database or
/// its log, or it is none; both are as before then. Throws Error `unavailable` when another program
/// has the database open for longer than `patience`: the log stays; SQLite::Exception.
bool foldLogIn(const std::filesystem::path& database, std::chrono::milliseconds patience);

} // namespace gatefold::store
