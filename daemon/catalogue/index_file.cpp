#include "catalogue/index_file.hpp"

#include "catalogue/catalogue_files.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace gatefold::catalogue {

namespace {

void bindBlob(sqlite3_stmt* statement, int at, std::string_view bytes) {
    sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

} // namespace

IndexFile::IndexFile(const std::filesystem::path& path) : path_(path) {
    const int result = sqlite3_open_v2(path.c_str(), &connection_,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (result != SQLITE_OK) {
        const int error = connection_ != nullptr ? sqlite3_system_errno(connection_) : ENOMEM;
        sqlite3_close(connection_);
        if (error != 0)
            throw os::fileError("cannot create", path, error);
        throw Error(ErrorCode::fileAccess,
                    "cannot create " + path.string() + ": " + sqlite3_errstr(result));
    }
    try {
        // Blocks of 3 and 7 KB leave half of one unused on each page: the larger the page, the
        // less.
        run("PRAGMA page_size=32768; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA "
            "locking_mode=EXCLUSIVE;"
            "PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
        run(("PRAGMA application_id=" + std::to_string(catalogueApplicationId) +
             "; PRAGMA user_version=" + std::to_string(catalogueLayout))
                .c_str());
        run("BEGIN EXCLUSIVE;"
            "CREATE TABLE meta(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
            "CREATE TABLE block(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, facts BLOB NOT "
            "NULL) STRICT;"
            "CREATE TABLE details(first INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;"
            "CREATE TABLE master(first INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT");
        block_ = prepare("INSERT INTO block(first, last, facts) VALUES(?1, ?2, ?3)");
        details_ = prepare("INSERT INTO details(first, data) VALUES(?1, ?2)");
        masters_ = prepare("INSERT OR REPLACE INTO master(first, data) VALUES(?1, ?2)");
        for (std::size_t i = 0; i < keyListTables.size(); ++i) {
            const std::string table = keyListTables[i];
            run(("CREATE TABLE " + table +
                 "(page INTEGER PRIMARY KEY, first BLOB NOT NULL, entries BLOB NOT NULL) STRICT")
                    .c_str());
            pages_[i] = prepare(
                ("INSERT INTO " + table + "(page, first, entries) VALUES(?1, ?2, ?3)").c_str());
        }
    } catch (...) {
        close();
        throw;
    }
}

IndexFile::~IndexFile() {
    close();
}

void IndexFile::close() {
    sqlite3_finalize(block_);
    sqlite3_finalize(details_);
    sqlite3_finalize(masters_);
    for (sqlite3_stmt* statement : pages_)
        sqlite3_finalize(statement);
    sqlite3_close_v2(connection_);
}

void IndexFile::check(int result) {
    if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW)
        return;
    const int error =
        sqlite3_system_errno(connection_) != 0 ? sqlite3_system_errno(connection_) : errno;
    if (result == SQLITE_FULL || os::fileErrorCode(error) == ErrorCode::diskFull)
        throw buildError(result == SQLITE_FULL ? ENOSPC : error);
    throw Error(ErrorCode::fileAccess,
                "cannot write " + path_.string() + ": " + sqlite3_errmsg(connection_));
}

void IndexFile::run(const char* sql) {
    check(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* IndexFile::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(connection_, sql, -1, &statement, nullptr));
    return statement;
}

void IndexFile::step(sqlite3_stmt* statement) {
    const int result = sqlite3_step(statement);
    check(result); // before the reset, which forgets what the system said
    sqlite3_reset(statement);
}

void IndexFile::addBlock(std::uint32_t first, std::uint32_t last, std::string_view facts,
                         std::string_view details) {
    const std::lock_guard lock(mutex_);
    sqlite3_bind_int64(block_, 1, first);
    sqlite3_bind_int64(block_, 2, last);
    bindBlob(block_, 3, facts);
    step(block_);
    sqlite3_bind_int64(details_, 1, first);
    bindBlob(details_, 2, details);
    step(details_);
    ++blockCount_;
}

void IndexFile::addMasters(std::uint32_t first, std::string_view masters) {
    const std::lock_guard lock(mutex_);
    sqlite3_bind_int64(masters_, 1, first);
    bindBlob(masters_, 2, masters);
    step(masters_);
}

void IndexFile::dropMasters() {
    run("DELETE FROM master");
}

void IndexFile::addPage(KeyList list, std::string_view firstKey, std::string_view page) {
    const std::lock_guard lock(mutex_);
    const auto index = static_cast<std::size_t>(list);
    sqlite3_stmt* statement = pages_[index];
    sqlite3_bind_int64(statement, 1, ++pageCounts_[index]);
    bindBlob(statement, 2, firstKey);
    bindBlob(statement, 3, page);
    step(statement);
}

void IndexFile::setMeta(std::string_view name, std::int64_t value) {
    sqlite3_stmt* statement = prepare("INSERT INTO meta(name, value) VALUES(?1, ?2)");
    sqlite3_bind_text(statement, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, value);
    const int result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    check(result);
}

void IndexFile::setMeta(std::string_view name, std::string_view value) {
    sqlite3_stmt* statement = prepare("INSERT INTO meta(name, value) VALUES(?1, ?2)");
    sqlite3_bind_text(statement, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
    const int result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    check(result);
}

std::int64_t IndexFile::countOf(const std::string& table) {
    sqlite3_stmt* statement = prepare(("SELECT count(*) FROM " + table).c_str());
    const int result = sqlite3_step(statement);
    const std::int64_t count = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    check(result);
    return count;
}

void IndexFile::finish() {
    bool whole = true;
    for (std::size_t i = 0; i < keyListTables.size(); ++i) {
        const std::string table = keyListTables[i];
        std::string index = "CREATE INDEX ";
        index.append(table).append("_first ON ").append(table).append("(first)");
        run(index.c_str());
        whole = whole && countOf(table + " NOT INDEXED") == pageCounts_[i];
    }
    run("COMMIT");
    whole = whole && countOf("block") == blockCount_;
    if (!whole)
        throw Error(ErrorCode::internal,
                    "the new catalogue does not hold what was written into it");
    os::syncFile(path_);
}

} // namespace gatefold::catalogue
