#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace gatefold::store {

/// What the first bytes of an SQLite database say (sqlite.org/fileformat.html, 1.3).
struct DatabaseHead {
    using Bytes = std::array<unsigned char, 100>;

    /// Content may stand in a write-ahead log beside the file, as in the database of a daemon;
    /// never with a backup.
    bool uses_log = false;
    int schema = 0; ///< PRAGMA user_version
    int application_id = 0;
    /// Of the file; 0 where the head does not say it.
    std::int64_t bytes = 0;
};

/// `read`: how many of the bytes the file has. Nothing for what is no SQLite database.
std::optional<DatabaseHead> headIn(const DatabaseHead::Bytes& bytes, std::size_t read);

} // namespace gatefold::store
