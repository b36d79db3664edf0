#pragma once

#include "catalogue/index_file.hpp"
#include "catalogue/records.hpp"
#include "catalogue/search_keys.hpp"
#include "ports/release_lookup.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace gatefold::catalogue {

/// One read-only connection to a catalogue file with half a megabyte of cache. One thread at a
/// time.
class IndexReader {
public:
    /// Throws Error `unavailable` when the file is no catalogue, is damaged or of another layout.
    explicit IndexReader(const std::filesystem::path& path);
    ~IndexReader();
    IndexReader(const IndexReader&) = delete;
    IndexReader& operator=(const IndexReader&) = delete;

    using TakeKeys =
        std::function<bool(std::string_view key, const std::vector<std::uint32_t>& entries)>;
    /// Calls `take` for the keys of a list from `from` on, in order, until it returns false. One
    /// key may come in several parts.
    void eachKey(KeyList list, std::string_view from, const TakeKeys& take);
    /// The entries of exactly this key, at most `limit`.
    std::vector<std::uint32_t> entriesOf(KeyList list, std::string_view key, std::size_t limit);

    std::optional<Facts> facts(ReleaseId id);
    std::optional<Release> release(ReleaseId id);
    CatalogueInfo info();
    WordSplitter& splitter() { return splitter_; }

private:
    struct ListStatements {
        sqlite3_stmt* find = nullptr;
        sqlite3_stmt* pages = nullptr;
    };
    sqlite3_stmt* prepare(const std::string& sql);
    bool step(sqlite3_stmt* statement);
    std::int64_t pragma(const char* sql);
    void close();

    std::filesystem::path path_;
    sqlite3* connection_ = nullptr;
    std::array<ListStatements, keyListTables.size()> lists_{};
    sqlite3_stmt* block_ = nullptr;
    sqlite3_stmt* details_ = nullptr;
    WordSplitter splitter_;
};

} // namespace gatefold::catalogue
