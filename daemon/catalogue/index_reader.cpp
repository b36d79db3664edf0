#include "catalogue/index_reader.hpp"

#include "catalogue/batch_indexer.hpp"
#include "catalogue/bytes.hpp"
#include "catalogue/key_pages.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace gatefold::catalogue {

namespace {

std::string_view blobOf(sqlite3_stmt* statement, int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

/// Leaves a statement ready for the next use, whatever happens between.
class Used {
public:
    explicit Used(sqlite3_stmt* statement) : statement_(statement) {}
    ~Used() { sqlite3_reset(statement_); }
    Used(const Used&) = delete;
    Used& operator=(const Used&) = delete;

private:
    sqlite3_stmt* statement_;
};

/// Nobody writes into a finished catalogue, it is only ever replaced: no locks, no look at
/// journals.
std::string uriOf(const std::filesystem::path& path) {
    return "file:" + percentEncoded(std::filesystem::absolute(path).string(), "/") +
           "?mode=ro&immutable=1";
}

} // namespace

IndexReader::IndexReader(const std::filesystem::path& path) : path_(path) {
    constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    try {
        if (sqlite3_open_v2(uriOf(path).c_str(), &connection_, flags, nullptr) != SQLITE_OK)
            throw Error(ErrorCode::unavailable, "cannot open the catalogue " + path.string());
        if (pragma("PRAGMA application_id") != catalogueApplicationId)
            throw Error(ErrorCode::unavailable, path.string() + " is not a catalogue of Gatefold");
        if (pragma("PRAGMA user_version") != catalogueLayout)
            throw Error(ErrorCode::unavailable,
                        "the catalogue " + path.string() +
                            " was built by another version: build it again");
        sqlite3_exec(connection_,
                     "PRAGMA cache_size=-512; PRAGMA query_only=ON; PRAGMA trusted_schema=OFF",
                     nullptr, nullptr, nullptr);
        for (std::size_t i = 0; i < keyListTables.size(); ++i) {
            const std::string table = keyListTables[i];
            lists_[i].find = prepare("SELECT page FROM " + table +
                                     " WHERE first < ?1 ORDER BY first DESC, page DESC LIMIT 1");
            lists_[i].last = prepare("SELECT page FROM " + table +
                                     " WHERE first <= ?1 ORDER BY first DESC, page DESC LIMIT 1");
            lists_[i].pages =
                prepare("SELECT entries FROM " + table + " WHERE page >= ?1 ORDER BY page");
        }
        block_ = prepare("SELECT facts, first, last FROM block WHERE first BETWEEN ?1 AND ?2 ORDER "
                         "BY first DESC");
        details_ = prepare("SELECT data FROM details WHERE first = ?1");
        if (pragma("SELECT count(*) FROM sqlite_schema WHERE name = 'master'") == 1)
            masters_ =
                prepare("SELECT data FROM master WHERE first <= ?1 ORDER BY first DESC LIMIT 1");
    } catch (...) {
        close();
        throw;
    }
}

IndexReader::~IndexReader() {
    close();
}

void IndexReader::close() {
    for (const ListStatements& list : lists_) {
        sqlite3_finalize(list.find);
        sqlite3_finalize(list.last);
        sqlite3_finalize(list.pages);
    }
    sqlite3_finalize(block_);
    sqlite3_finalize(details_);
    sqlite3_finalize(masters_);
    sqlite3_close_v2(connection_);
}

sqlite3_stmt* IndexReader::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
        BytesReader::fail();
    return statement;
}

bool IndexReader::step(sqlite3_stmt* statement) {
    const int result = sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        BytesReader::fail();
    return result == SQLITE_ROW;
}

std::int64_t IndexReader::pragma(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection_, sql, -1, &statement, nullptr) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_finalize(statement);
        throw Error(ErrorCode::unavailable,
                    path_.string() + " is not a catalogue of Gatefold, or it is damaged");
    }
    const std::int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

void IndexReader::eachKey(KeyList list, std::string_view from, const TakeKeys& take) {
    const ListStatements& statements = lists_[static_cast<std::size_t>(list)];
    const Used find(statements.find);
    sqlite3_bind_blob64(statements.find, 1, from.data(), from.size(), SQLITE_STATIC);
    const std::int64_t page = step(statements.find) ? sqlite3_column_int64(statements.find, 0) : 1;
    const Used pages(statements.pages);
    sqlite3_bind_int64(statements.pages, 1, page);
    while (step(statements.pages)) {
        const bool goOn =
            readKeyPage(blobOf(statements.pages, 0),
                        [&](std::string_view key, const std::vector<std::uint32_t>& entries) {
                            return key < from || take(key, entries);
                        });
        if (!goOn)
            return;
    }
}

std::vector<std::uint32_t> IndexReader::entriesOf(KeyList list, std::string_view key,
                                                  std::size_t limit) {
    std::vector<std::uint32_t> found;
    eachKey(list, key, [&](std::string_view at, const std::vector<std::uint32_t>& entries) {
        if (at != key)
            return false;
        const std::size_t room = limit - found.size();
        found.insert(found.end(), entries.begin(),
                     entries.begin() + static_cast<std::ptrdiff_t>(std::min(room, entries.size())));
        return found.size() < limit;
    });
    return found;
}

IndexReader::Pages IndexReader::pagesWith(KeyList list, std::string_view key) {
    const ListStatements& statements = lists_[static_cast<std::size_t>(list)];
    Pages pages;
    const Used find(statements.find), last(statements.last);
    sqlite3_bind_blob64(statements.find, 1, key.data(), key.size(), SQLITE_STATIC);
    if (step(statements.find))
        pages.first = sqlite3_column_int64(statements.find, 0);
    sqlite3_bind_blob64(statements.last, 1, key.data(), key.size(), SQLITE_STATIC);
    if (step(statements.last))
        pages.last = sqlite3_column_int64(statements.last, 0);
    return pages;
}

std::size_t IndexReader::pagesOf(KeyList list, std::string_view key) {
    const Pages pages = pagesWith(list, key);
    return pages.last < pages.first ? 0 : static_cast<std::size_t>(pages.last - pages.first + 1);
}

std::uint32_t IndexReader::firstEntryOn(KeyList list, std::int64_t page) {
    sqlite3_stmt* pages = lists_[static_cast<std::size_t>(list)].pages;
    const Used used(pages);
    sqlite3_bind_int64(pages, 1, page);
    return step(pages) ? firstOnKeyPage(blobOf(pages, 0)) : 0;
}

std::vector<std::uint32_t> IndexReader::entriesAmong(KeyList list, std::string_view key,
                                                     const std::vector<std::uint32_t>& wanted) {
    std::vector<std::uint32_t> found;
    const auto [first, last] = pagesWith(list, key);
    sqlite3_stmt* pages = lists_[static_cast<std::size_t>(list)].pages;
    auto next = wanted.begin();
    for (std::int64_t page = first; page <= last && next != wanted.end(); ++page) {
        // All pages but the first begin with this key: what they begin with tells which can hold
        // the next wanted entry. Steps double until they are too long, then halve.
        std::int64_t stride = 1;
        while (page + stride <= last && firstEntryOn(list, page + stride) <= *next) {
            page += stride;
            stride *= 2;
        }
        for (; stride > 0; stride /= 2)
            if (page + stride <= last && firstEntryOn(list, page + stride) <= *next)
                page += stride;
        const Used used(pages);
        sqlite3_bind_int64(pages, 1, page);
        if (!step(pages))
            break;
        readKeyPage(blobOf(pages, 0),
                    [&](std::string_view at, const std::vector<std::uint32_t>& entries) {
                        if (at < key)
                            return true;
                        if (at != key)
                            return false;
                        std::set_intersection(next, wanted.end(), entries.begin(), entries.end(),
                                              std::back_inserter(found));
                        next = std::upper_bound(next, wanted.end(), entries.back());
                        return true;
                    });
    }
    return found;
}

std::optional<Facts> IndexReader::facts(ReleaseId id) {
    if (id <= 0 || id > static_cast<ReleaseId>(ReleaseParser::maxReleaseId))
        return std::nullopt;
    const Used used(block_);
    sqlite3_bind_int64(block_, 1, id >> BatchIndexer::idStretchBits << BatchIndexer::idStretchBits);
    sqlite3_bind_int64(block_, 2, id);
    while (step(block_)) {
        if (sqlite3_column_int64(block_, 2) < id)
            continue;
        if (const std::int64_t first = sqlite3_column_int64(block_, 1); first != unpackedFirst_) {
            unpackedFacts_ = unpacked(blobOf(block_, 0));
            unpackedFirst_ = first;
        }
        if (auto found = factsOf(unpackedFacts_, id))
            return found;
    }
    return std::nullopt;
}

std::optional<Release> IndexReader::release(ReleaseId id) {
    auto found = facts(id);
    if (!found)
        return std::nullopt;
    const Used used(block_);
    sqlite3_bind_int64(block_, 1, id >> BatchIndexer::idStretchBits << BatchIndexer::idStretchBits);
    sqlite3_bind_int64(block_, 2, id);
    while (step(block_)) {
        const Used usedDetails(details_);
        sqlite3_bind_int64(details_, 1, sqlite3_column_int64(block_, 1));
        if (step(details_) && addDetails(unpacked(blobOf(details_, 0)), found->release))
            break;
    }
    if (found->release.master_id)
        if (const auto album = master(*found->release.master_id))
            setAlbum(found->release, *album);
    return std::move(found->release);
}

std::optional<Master> IndexReader::master(std::int64_t id) {
    if (masters_ == nullptr || id <= 0 || id > std::numeric_limits<std::uint32_t>::max())
        return std::nullopt;
    const Used used(masters_);
    sqlite3_bind_int64(masters_, 1, id);
    if (!step(masters_))
        return std::nullopt;
    return masterOf(unpacked(blobOf(masters_, 0)), static_cast<std::uint32_t>(id));
}

CatalogueInfo IndexReader::info() {
    CatalogueInfo info;
    info.path = path_.string();
    info.present = true;
    std::error_code ignored;
    info.bytes = static_cast<std::int64_t>(std::filesystem::file_size(path_, ignored));
    sqlite3_stmt* statement = prepare("SELECT name, value FROM meta");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        const std::int64_t number = sqlite3_column_int64(statement, 1);
        const auto text = [&] {
            return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, 1)));
        };
        if (name == "built_at")
            info.built_at = text();
        else if (name == "source")
            info.source = text();
        else if (name == "releases")
            info.releases = number;
        else if (name == "barcodes")
            info.barcodes = number;
        else if (name == "catnos")
            info.catnos = number;
        else if (name == "runouts")
            info.runouts = number;
        else if (name == "masters")
            info.masters = number;
        else if (name == "all_formats")
            info.all_formats = number != 0;
    }
    sqlite3_finalize(statement);
    return info;
}

} // namespace gatefold::catalogue
