#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>

/// SQLite's write-ahead log, read without SQLite, which takes a damaged one for ended at the
/// damage.
namespace gatefold::store {

/// Whether commits in a log (not empty) are out of reach: SQLite takes a log with a damaged head
/// for an empty one, and any other for ended before the first damaged frame. The last commit does
/// not count, since a power cut leaves it like that; nor does the one before it where the last one
/// is damaged, too, or its last frame has no readable head, since that looks the same; nor what a
/// transaction that was rolled back has left behind. A log of zeros holds nothing. Reads the file
/// once. Throws Error as os::fileError, naming the file `name`.
bool losesCommits(const os::FileDescriptor& log, const std::filesystem::path& name);

enum class LogState {
    whole,      ///< missing or empty, too
    unreadable, ///< the disk does not give back a part: nothing is known of what stands there
    damaged,    ///< losesCommits()
};

/// Of the log of a database that nobody has open: one that is being written may look damaged.
LogState stateOfLog(const std::filesystem::path& database);

} // namespace gatefold::store
