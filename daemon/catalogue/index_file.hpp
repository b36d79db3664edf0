#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace gatefold::catalogue {

/// Marks a SQLite file as a catalogue ("Gfcl") of this layout.
inline constexpr std::int64_t catalogueApplicationId = 0x4766636C;
inline constexpr std::int64_t catalogueLayout = 1;

/// The sorted lists of a catalogue file, one table each.
enum class KeyList { barcode, catno, runout, word, vocabulary, reversed };
inline constexpr std::array<const char*, 6> keyListTables{"barcode", "catno",      "runout",
                                                          "word",    "vocabulary", "reversed"};

/// How an entry's number is made in the lists of printed keys: the release and what kind of key it
/// is.
inline constexpr std::uint32_t keyEntry(std::uint32_t release, std::uint32_t kind) {
    return release << 2 | kind;
}
namespace barcodeKind {
inline constexpr std::uint32_t strict = 0, wrongCheckDigit = 1, weak = 2;
}
namespace catnoKind {
inline constexpr std::uint32_t whole = 0, behindLabelName = 1;
}
namespace runoutKind {
inline constexpr std::uint32_t whole = 0, tail = 1;
}

/// Writes a new catalogue file: no journal and no syncing until `finish`, because nobody reads it
/// before the switch. Blocks come from one thread; pages of different lists may come from several.
class IndexFile {
public:
    /// Throws Error `diskFull`, `forbidden` or `fileAccess`, like all its functions.
    explicit IndexFile(const std::filesystem::path& path);
    ~IndexFile();
    IndexFile(const IndexFile&) = delete;
    IndexFile& operator=(const IndexFile&) = delete;

    /// Packed facts and details of the releases from `first` to `last`.
    void addBlock(std::uint32_t first, std::uint32_t last, std::string_view facts,
                  std::string_view details);
    /// Packed titles and years of the albums from `first` on.
    void addMasters(std::uint32_t first, std::string_view masters);
    /// Takes all of them out again.
    void dropMasters();
    void addPage(KeyList list, std::string_view firstKey, std::string_view page);
    void setMeta(std::string_view name, std::int64_t value);
    void setMeta(std::string_view name, std::string_view value);
    /// Commits, checks that as many blocks and pages are there as were added, and syncs the file to
    /// the disk.
    void finish();

private:
    void close();
    void run(const char* sql);
    void step(sqlite3_stmt* statement);
    sqlite3_stmt* prepare(const char* sql);
    void check(int result);
    std::int64_t countOf(const std::string& table);

    std::filesystem::path path_;
    sqlite3* connection_ = nullptr;
    std::mutex mutex_;
    sqlite3_stmt* block_ = nullptr;
    sqlite3_stmt* details_ = nullptr;
    sqlite3_stmt* masters_ = nullptr;
    std::array<sqlite3_stmt*, keyListTables.size()> pages_{};
    std::array<std::int64_t, keyListTables.size()> pageCounts_{};
    std::int64_t blockCount_ = 0;
};

} // namespace gatefold::catalogue
