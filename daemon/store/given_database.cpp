#include "store/given_database.hpp"

#include "core/error.hpp"
#include "core/time.hpp"
#include "os/file_error.hpp"
#include "os/write_bytes.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/database_head.hpp"
#include "store/schema_check.hpp"
#include "store/write_ahead_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

struct ::stat statusOf(const os::FileDescriptor& file, const fs::path& name) {
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw os::fileError("cannot read", name, errno);
    return status;
}

/// The first bytes of a file, at most `bytes`.
template <std::size_t Bytes>
std::size_t readHead(const os::FileDescriptor& file, const fs::path& name,
                     std::array<unsigned char, Bytes>& bytes) {
    const ssize_t length = ::pread(file.get(), bytes.data(), bytes.size(), 0);
    if (length < 0)
        throw os::fileError("cannot read", name, errno);
    return static_cast<std::size_t>(length);
}

DatabaseHead requireDatabase(const os::FileDescriptor& file, const fs::path& name) {
    DatabaseHead::Bytes bytes{};
    const std::size_t length = readHead(file, name, bytes);
    const auto head = headIn(bytes, length);
    if (!head)
        throw Error(ErrorCode::invalid,
                    name.string() + (length == 0 ? " is no backup of Gatefold."
                                                 : " is no readable backup: it is no database."));
    return *head;
}

/// SQLite takes the missing part of the last page for zeros. With a log beside it the file may be
/// shorter or longer.
void requireWholePages(const os::FileDescriptor& file, std::int64_t expected,
                       const fs::path& name) {
    const auto found = static_cast<std::int64_t>(statusOf(file, name).st_size);
    if (expected > 0 && found != expected)
        throw Error(ErrorCode::invalid, name.string() + " is damaged: it has " +
                                            std::to_string(found) + " bytes and should have " +
                                            std::to_string(expected) + ".");
}

/// What the head of a file does not mark as Gatefold's is refused, with what SQLite finds in it.
/// Where this user may not open it by its name, the check of the copy does that.
void requireOurs(const fs::path& file, const fs::path& name) {
    if (::access(file.c_str(), R_OK) != 0)
        return;
    try {
        SQLite::Database database(immutableUri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        database.exec("PRAGMA trusted_schema = OFF");
        schemaOfOurs(database, name);
    } catch (const SQLite::Exception& error) {
        rethrowOf(error, name);
    }
}

/// SQLite takes a rollback journal that begins otherwise for none, and one that begins with a zero
/// byte is done with (sqlite.org/fileformat.html, 3).
bool isJournal(const os::FileDescriptor& file, const fs::path& name) {
    constexpr std::array<unsigned char, 8> magic{0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7};
    std::array<unsigned char, magic.size()> bytes{};
    readHead(file, name, bytes);
    return bytes[0] == 0 || bytes == magic;
}

/// Up to the first place that the disk does not give back; 0 of what is no file.
std::int64_t readableBytes(const os::FileDescriptor& file) {
    std::vector<char> piece(65536);
    std::int64_t bytes = 0;
    ssize_t count = 0;
    do {
        count = ::pread(file.get(), piece.data(), piece.size(), bytes);
        bytes += std::max<ssize_t>(count, 0);
    } while (count > 0 || (count < 0 && errno == EINTR));
    return bytes;
}

void copyPart(const os::FileDescriptor& from, std::int64_t bytes, const fs::path& name,
              const fs::path& path) {
    const os::FileDescriptor out(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!out)
        throw os::fileError("cannot make", path, errno);
    os::copyBytes(from, name, out, path, bytes);
}

} // namespace

std::string timeWritten(const struct ::stat& status) {
    return isoTime(WallTime(std::chrono::seconds(status.st_mtime)));
}

GivenDatabase::GivenDatabase(const fs::path& file, const fs::path& shown_as)
    : GivenDatabase(file, shown_as, WithoutLogs{}) {
    for (const char* ending : logEndings)
        addWholeLog(ending);
    if (!hasLog())
        requireWholePages(files_.front().file, head_.bytes, shown_as);
}

GivenDatabase GivenDatabase::ofStore(const fs::path& database) {
    GivenDatabase store(database, database, WithoutLogs{});
    for (const char* ending : logEndings)
        store.addReadableLog(ending);
    return store;
}

GivenDatabase::GivenDatabase(const fs::path& file, const fs::path& shown_as, WithoutLogs)
    : name_(file) {
    std::error_code error;
    real_ = fs::canonical(file, error);
    if (error)
        throw os::fileError("cannot read", file, error.value());
    os::FileDescriptor opened(::open(real_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!opened)
        throw os::fileError("cannot read", file, errno);
    const auto status = statusOf(opened, file);
    if (S_ISDIR(status.st_mode))
        throw Error(ErrorCode::invalid,
                    file.string() + " is a folder: name the backup file itself.");
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorCode::invalid, file.string() + " is no file.");
    head_ = requireDatabase(opened, shown_as);
    const State state = stateOf(opened, file);
    files_.push_back({"", std::move(opened), state, state.bytes});
}

void GivenDatabase::addWholeLog(const char* ending) {
    const fs::path name = logNamed(ending);
    os::FileDescriptor log(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!log && errno == ENOENT)
        return;
    if (!log)
        throw os::fileError("cannot read", name, errno);
    const auto refuse = [&](const std::string& trouble) {
        throw Error(ErrorCode::invalid,
                    name.string() + trouble + " To restore without it, move it away first.");
    };
    if (!S_ISREG(statusOf(log, name).st_mode))
        refuse(" is no file, and the log of " + name_.string() + " would have this name.");
    const State state = stateOf(log, name);
    const bool write_ahead = std::string_view(ending) == "-wal";
    if (state.bytes == 0) {
        has_empty_log_ = has_empty_log_ || write_ahead;
        return;
    }
    if (write_ahead && !head_.uses_log)
        refuse(" is the log of another database: " + name_.string() + " is a backup.");
    if (write_ahead ? losesCommits(log, name) : !isJournal(log, name))
        refuse(" is damaged: what this log holds would be missing.");
    files_.push_back({ending, std::move(log), state, state.bytes});
}

void GivenDatabase::addReadableLog(const char* ending) {
    const fs::path name = logNamed(ending);
    os::FileDescriptor log(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const std::int64_t bytes = log ? readableBytes(log) : 0;
    if (bytes == 0)
        return;
    const State state = stateOf(log, name);
    files_.push_back({ending, std::move(log), state, bytes});
}

GivenDatabase::State GivenDatabase::stateOf(const os::FileDescriptor& file, const fs::path& name) {
    const auto status = statusOf(file, name);
    State state{status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, {}};
    readHead(file, name, state.head);
    return state;
}

bool GivenDatabase::is(const fs::path& file) const {
    const auto own = statusOf(files_.front().file, name_);
    struct ::stat other {};
    return ::stat(file.c_str(), &other) == 0 && own.st_dev == other.st_dev &&
           own.st_ino == other.st_ino;
}

std::int64_t GivenDatabase::bytes() const {
    std::int64_t sum = 0;
    for (const Part& part : files_)
        sum += statusOf(part.file, name_).st_size;
    return sum;
}

std::string GivenDatabase::writtenAt() const {
    return timeWritten(statusOf(files_.front().file, name_));
}

void GivenDatabase::copyTo(const fs::path& path) const {
    // Of a raw copy the page with these numbers may stand in its log.
    if (!hasLog() && !head_.uses_log && !markOurs(head_.application_id, head_.schema))
        requireOurs(real_, name_);
    for (const Part& part : files_)
        copyPart(part.file, part.bytes, name_.string() + part.ending, path.string() + part.ending);
    for (const Part& part : files_)
        if (stateOf(part.file, name_) != part.opened)
            throw Error(ErrorCode::unavailable,
                        name_.string() + part.ending +
                            " was written while it was copied: try again, without the program that "
                            "writes it.");
}

} // namespace gatefold::store
