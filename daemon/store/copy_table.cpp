#include "store/copy_rows.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "store/shelf_index.hpp"
#include "json/read.hpp"

#include <algorithm>
#include <chrono>

namespace gatefold::store {

namespace {

const std::string from = " FROM copies c LEFT JOIN labels l ON l.copy = c.id ";

std::optional<std::string> nameOfGrade(std::optional<Grade> grade) {
    return grade ? std::optional(std::string(nameOf(*grade))) : std::nullopt;
}

ReleaseSummary summaryOf(Connection& db, ReleaseId id) {
    Query query = db.query("SELECT summary FROM releases WHERE id = ?");
    if (!query.with(id).step())
        throw Error(ErrorCode::internal, "A copy's release is missing in the store.");
    return json::read<ReleaseSummary>(json::parse(query.text(0)));
}

} // namespace

CopyId CopyTable::insert(const Copy& copy) {
    const ReleaseSummary release = summaryOf(db_, copy.release_id);
    const ShelfKeys keys = shelfKeysOf(release);
    db_.query("INSERT INTO copies(release, pressing_open, owner, location, media_grade, "
              "sleeve_grade, notes, added_ms, artist_key, "
              "title_key, year_key) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .with(copy.release_id, copy.pressing_open, copy.owner, copy.location,
              nameOfGrade(copy.media_grade), nameOfGrade(copy.sleeve_grade), copy.notes,
              copy.added_at, keys.artist, keys.title, keys.year)
        .run();
    const CopyId id{db_.lastRowId()};
    enlist(db_, id, release);
    return id;
}

Copy CopyTable::save(const Copy& copy, std::optional<std::int64_t> expected_version) {
    const auto stored = find(copy.id);
    if (!stored)
        throw Error(ErrorCode::notFound, "There is no copy " + copy.id.text() + ".", "id");
    checkVersion(stored->version, expected_version);
    const ReleaseSummary release = summaryOf(db_, copy.release_id);
    const ShelfKeys keys = shelfKeysOf(release);
    db_.query("UPDATE copies SET version = version + 1, release = ?, pressing_open = ?, owner = ?, "
              "location = ?, media_grade = ?, "
              "sleeve_grade = ?, notes = ?, deleted_ms = ?, artist_key = ?, title_key = ?, "
              "year_key = ? WHERE id = ?")
        .with(copy.release_id, copy.pressing_open, copy.owner, copy.location,
              nameOfGrade(copy.media_grade), nameOfGrade(copy.sleeve_grade), copy.notes,
              copy.deleted_at, keys.artist, keys.title, keys.year, copy.id)
        .run();
    if (stored->release_id != copy.release_id ||
        stored->deleted_at.has_value() != copy.deleted_at.has_value()) {
        if (!stored->deleted_at)
            unlist(db_, copy.id);
        if (!copy.deleted_at)
            enlist(db_, copy.id, release);
    }
    return *find(copy.id);
}

void CopyTable::countPlay(CopyId id, WallTime at) {
    db_.query("UPDATE copies SET plays = plays + 1, last_played_ms = ? WHERE id = ?")
        .with(at, id)
        .run();
}

void CopyTable::uncountPlay(CopyId id) {
    db_.query("UPDATE copies SET plays = max(plays - 1, 0), last_played_ms = (SELECT "
              "max(started_ms) FROM plays WHERE copy = copies.id "
              "AND id < (SELECT max(id) FROM plays WHERE copy = copies.id)) WHERE id = ?")
        .with(id)
        .run();
}

std::optional<Copy> CopyTable::find(CopyId id) const {
    Query query = db_.query("SELECT " + std::string(copyColumns) + from + "WHERE c.id = ?");
    return query.with(id).step() ? std::optional(copyOf(query)) : std::nullopt;
}

std::vector<Copy> CopyTable::ofRelease(ReleaseId release) const {
    std::vector<Copy> copies;
    Query query = db_.query("SELECT " + std::string(copyColumns) + from +
                            "WHERE c.release = ? AND c.deleted_ms IS NULL ORDER BY c.id");
    query.with(release);
    while (query.step())
        copies.push_back(copyOf(query));
    return copies;
}

std::optional<CopyView> CopyTable::view(CopyId id) const {
    return CopyViews(db_).view(id);
}

CollectionCounts CopyTable::counts(WallTime now) const {
    CollectionCounts counts;
    Query shelf = db_.query("SELECT copies, releases FROM shelf_counts");
    shelf.step();
    counts.records = shelf.integer(0);
    counts.releases = shelf.integer(1);
    Query plays = db_.query("SELECT count(*) FROM plays WHERE started_ms >= ?");
    plays.with(now - std::chrono::days(30)).step();
    counts.played_30d = plays.integer(0);
    return counts;
}

void CopyTable::bindLabel(std::int64_t label, CopyId copy) {
    freeLabel(copy);
    db_.query(
           "INSERT INTO labels VALUES (?,?) ON CONFLICT(value) DO UPDATE SET copy = excluded.copy")
        .with(label, copy)
        .run();
}

void CopyTable::freeLabel(CopyId copy) {
    db_.query("DELETE FROM labels WHERE copy = ?").with(copy).run();
}

std::optional<CopyId> CopyTable::byLabel(std::int64_t label) const {
    Query query = db_.query("SELECT copy FROM labels WHERE value = ?");
    return query.with(label).step() ? std::optional(CopyId{query.integer(0)}) : std::nullopt;
}

} // namespace gatefold::store
