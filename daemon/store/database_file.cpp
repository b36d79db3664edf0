#include "store/database_file.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "os/atomic_file.hpp"
#include "os/file_descriptor.hpp"
#include "os/file_error.hpp"
#include "store/connection.hpp"

#include <SQLiteCpp/Backup.h>
#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

void removeWithLogs(const fs::path& database) noexcept {
    std::error_code ignored; // what cannot be removed is refused when it is in the way
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
        fs::remove(database.string() + ending, ignored);
}

/// Only the owner may read it from the first moment on, and it is nobody else's: what another user
/// left under that name in a shared folder cannot be removed.
void makeEmpty(const fs::path& database) {
    for (const char* ending : logEndings)
        if (fs::exists(fs::symlink_status(database.string() + ending)))
            throw os::fileError("cannot remove", database.string() + ending, EEXIST);
    const os::FileDescriptor made(
        ::open(database.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made)
        throw os::fileError("cannot make", database, errno);
}

void fill(const fs::path& database, SQLite::Database& source) {
    SQLite::Database copy(database.string(), SQLite::OPEN_READWRITE);
    const int result = SQLite::Backup(copy, source).executeStep(-1);
    if (result != SQLITE_DONE) // SQLiteCpp returns busy and locked, and throws the others
        throw Error(ErrorCode::unavailable, "Another program holds the database; try again.");
    copy.exec("PRAGMA journal_mode = DELETE");
}

} // namespace

bool holdsBytes(const fs::path& file) noexcept {
    std::error_code error;
    const auto bytes = fs::file_size(file, error);
    return !error && bytes > 0;
}

std::string immutableUri(const fs::path& file) {
    return "file:" + percentEncoded(fs::absolute(file).string(), "/") + "?immutable=1";
}

fs::path logOf(const fs::path& database) {
    constexpr int max_links = 40; // as the kernel follows
    fs::path file = database;
    std::error_code error;
    for (int n = 0; n < max_links && fs::is_symlink(fs::symlink_status(file, error)); ++n)
        file = file.parent_path() / fs::read_symlink(file, error);
    return file.string() + "-wal";
}

UnfinishedDatabase::UnfinishedDatabase(fs::path path) : path_(std::move(path)) {
    removeAll();
}

UnfinishedDatabase::~UnfinishedDatabase() {
    removeAll();
}

void UnfinishedDatabase::removeAll() noexcept {
    removeWithLogs(path_);
    removeWithLogs(copyOfGiven());
}

void UnfinishedDatabase::copyFrom(SQLite::Database& source) {
    makeEmpty(path_);
    try {
        fill(path_, source);
    } catch (...) {
        removeWithLogs(path_);
        throw;
    }
}

void UnfinishedDatabase::copyFrom(const GivenDatabase& given) {
    const fs::path copy = copyOfGiven();
    given.copyTo(copy);
    try {
        SQLite::Database source(copy.string(), SQLite::OPEN_READWRITE);
        source.exec("PRAGMA trusted_schema = OFF");
        copyFrom(source);
    } catch (const SQLite::Exception& error) {
        rethrowOf(error, given.name());
    }
    removeWithLogs(copy);
}

void UnfinishedDatabase::putInPlace(const fs::path& file) {
    os::replaceFile(path_, file);
}

} // namespace gatefold::store
