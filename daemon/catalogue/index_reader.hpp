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
#include <string>
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
    /// Those of `wanted` (ascending) that are entries of this key. Only pages that can hold one of
    /// them are read through, so that a common key costs little beside few wanted ones.
    std::vector<std::uint32_t> entriesAmong(KeyList list, std::string_view key,
                                            const std::vector<std::uint32_t>& wanted);
    /// On how many pages entries of this key can be: about how common it is, told without reading
    /// them.
    std::size_t pagesOf(KeyList list, std::string_view key);

    std::optional<Facts> facts(ReleaseId id);
    std::optional<Release> release(ReleaseId id);
    /// Title and year of an album; nothing when the catalogue was built without the masters dump.
    std::optional<Master> master(std::int64_t id);
    CatalogueInfo info();
    WordSplitter& splitter() { return splitter_; }

private:
    struct ListStatements {
        sqlite3_stmt* find = nullptr;  ///< the last page that begins before a key
        sqlite3_stmt* last = nullptr;  ///< the last page that begins with or before a key
        sqlite3_stmt* pages = nullptr; ///< from one page on
    };
    struct Pages {
        std::int64_t first = 1, last = 0;
    };
    Pages pagesWith(KeyList list, std::string_view key);
    std::uint32_t firstEntryOn(KeyList list, std::int64_t page);
    sqlite3_stmt* prepare(const std::string& sql);
    bool step(sqlite3_stmt* statement);
    std::int64_t pragma(const char* sql);
    void close();

    std::filesystem::path path_;
    sqlite3* connection_ = nullptr;
    std::array<ListStatements, keyListTables.size()> lists_{};
    sqlite3_stmt* block_ = nullptr;
    sqlite3_stmt* details_ = nullptr;
    sqlite3_stmt* masters_ = nullptr; ///< none in catalogues of before they held albums
    WordSplitter splitter_;
    std::int64_t unpackedFirst_ = -1; ///< the block that was asked for last; hits often share one
    std::string unpackedFacts_;
};

} // namespace gatefold::catalogue
