#pragma once

#include "core/error.hpp"
#include "os/file_descriptor.hpp"
#include "ports/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gatefold::store {

/// The store that a restore has set aside is not at its place again: what it says is not "as it
/// was".
struct NotPutBack : Error {
    explicit NotPutBack(std::string message) : Error(ErrorCode::internal, std::move(message)) {}
};

/// The store that a restore replaces: the database and its logs, whichever of them are there. They
/// are kept under the name `backups/replaced-…`; no log is ever deleted before its database holds
/// all of it. Unless keep() is called, everything is put back at the end of the scope at the
/// latest. The caller holds the store's lock. Functions throw fs::filesystem_error,
/// SQLite::Exception and Error.
class ReplacedStore {
public:
    /// Gives the logs a second name: SQLite removes the log of a database that it cannot read.
    ReplacedStore(std::filesystem::path database, const Clock& clock);
    ~ReplacedStore();
    ReplacedStore(const ReplacedStore&) = delete;
    ReplacedStore& operator=(const ReplacedStore&) = delete;

    using Numbers = std::vector<std::pair<std::string, std::int64_t>>;
    /// Folds the log in, as far as SQLite can reach it, and gives the numbers that the database has
    /// given. A damaged log belongs to the store no more then: it gets a name of its own, as at a
    /// start, keeps it when the store is put back, and the daemon's log says so. None of a database
    /// that is missing, damaged, or none of ours: that one is left as it is, and so is one whose
    /// log is of another database. Throws Error `unavailable` while another program has it open:
    /// once that one closes it, SQLite removes the log beside a database that was put back, also
    /// that of a daemon which ran meanwhile.
    Numbers numbers();

    /// Gives the database a second name, and moves the logs away: the name `gatefold.db` is in use
    /// as before, and what is put there next has no log of another database beside it.
    void setAside();

    /// Gives everything its name again. Throws NotPutBack.
    void putBack();

    /// Leaves the new database in place. Where the one before is kept: the database, or the log of
    /// one that was missing; empty when nothing was there.
    std::filesystem::path keep() noexcept;

private:
    void movePartsBack();
    void keepDamagedLog();

    /// Whether nothing took the place of the database.
    bool databaseIsThere() const;

    const std::filesystem::path database_;
    const os::FileDescriptor writing_; ///< no other backup removes these files meanwhile
    const std::filesystem::path kept_;
    os::FileDescriptor before_; ///< the database that is set aside: no other file has its number
    bool damaged_log_ = false;  ///< or one that cannot be read whole
    bool folded_ = false, set_aside_ = false, done_ = false;
};

} // namespace gatefold::store
