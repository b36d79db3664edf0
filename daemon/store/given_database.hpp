#pragma once

#include "os/file_descriptor.hpp"
#include "store/database_head.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace gatefold::store {

/// When a file was written, as ISO 8601.
std::string timeWritten(const struct ::stat& status);

/// A database file that somebody named, with the logs that lie beside it (`-wal`, `-journal`).
/// Opened at once, with the rights that the process has then; neither it nor its folder is ever
/// written to.
class GivenDatabase {
public:
    /// Follows symbolic links. Throws Error `notFound`, `fileAccess` (may not be read), `invalid`
    /// for a folder or device, for what is no database, and for a file without a log that is cut
    /// off or has bytes behind its end; for a log that is damaged (losesCommits) or of another
    /// database. A log that is cut holds the commits before the cut: SQLite leaves one like it
    /// after a power cut. Only the head is looked at: SQLite reads nothing of it with these rights.
    explicit GivenDatabase(const std::filesystem::path& file) : GivenDatabase(file, file) {}
    /// Messages that tell what the file is call it `shown_as`.
    GivenDatabase(const std::filesystem::path& file, const std::filesystem::path& shown_as);

    /// The database of a store that SQLite cannot read on a read-only file system, with what can be
    /// read of its logs: damaged ones as well, and one with an unreadable place up to there. Throws
    /// Error as above for the database itself.
    static GivenDatabase ofStore(const std::filesystem::path& database);

    /// The name that was given.
    const std::filesystem::path& name() const noexcept { return name_; }
    bool hasLog() const noexcept { return files_.size() > 1; }
    /// Whether it is a raw copy of a database whose log is not beside it: what was stored last may
    /// stand there.
    bool lacksLog() const noexcept { return !hasLog() && !has_empty_log_ && head_.uses_log; }
    /// Whether `file` is this very file, under whatever name.
    bool is(const std::filesystem::path& file) const;
    /// Bytes of file and logs.
    std::int64_t bytes() const;
    /// As timeWritten.
    std::string writtenAt() const;
    /// Copies the file to `path` (0600), and the logs beside that; nothing may have these names.
    /// Throws Error `invalid`, before anything is copied, for what is neither Gatefold's
    /// (schemaOfOurs) nor a raw copy, unless this user may not open it again; `unavailable` where a
    /// part was written since it was opened, since the copies may not fit together; as
    /// os::replaceFile.
    void copyTo(const std::filesystem::path& path) const;

private:
    /// What writing a file changes: one that begins anew has another head.
    struct State {
        std::int64_t bytes = 0;
        std::int64_t seconds = 0, nanoseconds = 0; ///< since 1970, of the last write
        std::array<unsigned char, 32> head{};
        bool operator==(const State&) const = default;
    };
    struct Part {
        std::string ending; ///< "" or that of a log
        os::FileDescriptor file;
        State opened;
        std::int64_t bytes; ///< that are copied
    };
    struct WithoutLogs {};
    GivenDatabase(const std::filesystem::path& file, const std::filesystem::path& shown_as,
                  WithoutLogs);
    static State stateOf(const os::FileDescriptor& file, const std::filesystem::path& name);
    void addWholeLog(const char* ending);
    void addReadableLog(const char* ending);
    std::filesystem::path logNamed(const char* ending) const { return real_.string() + ending; }

    std::filesystem::path name_;
    std::filesystem::path real_; ///< without links: SQLite names logs after the file itself
    std::vector<Part> files_;    ///< the database first
    bool has_empty_log_ = false; ///< all that was stored is in the database
    DatabaseHead head_;
};

} // namespace gatefold::store
