#pragma once

#include "core/ids.hpp"
#include "core/time.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatefold::store {

/// Bytes for a BLOB column: same interface as text, but bound as a blob.
struct Blob {
    std::string_view bytes;
};

/// A prepared statement on loan from its connection: bind in order, step, read columns. Reset when
/// it goes out of scope.
class Query {
public:
    explicit Query(SQLite::Statement& statement) : statement_(statement) {}
    ~Query() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    template <class... Values>
    Query& with(const Values&... values) {
        (bind(values), ...);
        return *this;
    }
    bool step() { return statement_.executeStep(); }
    /// Runs to the end; returns rows changed.
    int run() { return statement_.exec(); }

    std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
    double real(int column) const { return statement_.getColumn(column).getDouble(); }
    bool boolean(int column) const { return integer(column) != 0; }
    bool null(int column) const { return statement_.getColumn(column).isNull(); }
    std::string text(int column) const { return statement_.getColumn(column).getString(); }
    WallTime time(int column) const { return WallTime(Millis(integer(column))); }
    std::optional<std::string> maybeText(int column) const {
        return null(column) ? std::nullopt : std::optional(text(column));
    }
    std::optional<std::int64_t> maybeInteger(int column) const {
        return null(column) ? std::nullopt : std::optional(integer(column));
    }
    std::optional<WallTime> maybeTime(int column) const {
        return null(column) ? std::nullopt : std::optional(time(column));
    }
    template <class IdType>
    std::optional<IdType> maybeId(int column) const {
        return null(column) ? std::nullopt : std::optional(IdType{integer(column)});
    }

private:
    void bind(std::int64_t value) { statement_.bind(next_++, value); }
    void bind(int value) { statement_.bind(next_++, value); }
    void bind(bool value) { statement_.bind(next_++, value ? 1 : 0); }
    void bind(double value) { statement_.bind(next_++, value); }
    void bind(std::string_view value) { statement_.bind(next_++, std::string(value)); }
    void bind(Blob value) {
        statement_.bind(next_++, value.bytes.data(), static_cast<int>(value.bytes.size()));
    }
    void bind(const std::string& value) { statement_.bind(next_++, value); }
    void bind(const char* value) { statement_.bind(next_++, value); }
    void bind(WallTime value) { bind(static_cast<std::int64_t>(value.time_since_epoch().count())); }
    template <class Tag>
    void bind(const Id<Tag>& value) {
        bind(value.value);
    }
    template <class T>
    void bind(const std::optional<T>& value) {
        if (value)
            bind(*value);
        else
            ++next_; // unbound is NULL
    }

    SQLite::Statement& statement_;
    int next_ = 1;
};

/// One SQLite connection with its statements, prepared once each. One thread at a time.
class Connection {
public:
    enum class Mode { readWrite, readOnly };
    /// Opens with the pragmas of the house. Throws SQLite::Exception, and as requireOwnLog.
    Connection(const std::filesystem::path& file, Mode mode);

    /// Prepares `sql` at its first use.
    Query query(const std::string& sql);
    SQLite::Database& database() { return database_; }
    std::int64_t lastRowId() const { return database_.getLastInsertRowid(); }

private:
    SQLite::Database database_;
    std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
};

/// Gatefold's Error for an SQLite one: `diskFull`, `fileAccess`, `unavailable` (busy),
/// `unusableStore` (damaged, or a part of the schema is gone), `internal`.
[[noreturn]] void rethrow(const SQLite::Exception& error);

/// The same for a file that somebody named: `invalid` when it is damaged or no database of ours.
[[noreturn]] void rethrowOf(const SQLite::Exception& error, const std::filesystem::path& file);

} // namespace gatefold::store
