#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>

namespace gatefold::store {

/// Whether commits in SQLite's write-ahead log (not empty) are out of reach: SQLite takes a log
/// with a damaged head for an empty one, and any other for ended before the first damaged frame.
/// The last commit does not count, since a power cut leaves it like that; nor does the one before
/// it where sectors of its frame head are lost, since that looks the same. A log of zeros holds
/// nothing. Reads the file once.
/// Throws Error as os::fileError, naming the file `name`.
bool losesCommits(const os::FileDescriptor& log, const std::filesystem::path& name);
/// The same of a file by name; false where it is missing or empty.
bool losesCommits(const std::filesystem::path& log);

} // namespace gatefold::store
