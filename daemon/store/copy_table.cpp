#include "core/codes.hpp"
#include "json/read.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "store/sort_key.hpp"

#include <algorithm>
#include <chrono>

namespace gatefold::store {

namespace {

const std::string columns = "c.id, c.version, c.release, c.pressing_open, c.owner, c.location, c.media_grade, c.sleeve_grade, "
                            "c.notes, c.added_ms, c.last_played_ms, c.plays, c.deleted_ms, l.value";
const std::string from = " FROM copies c LEFT JOIN labels l ON l.copy = c.id ";

std::optional<Grade> gradeOf(const std::optional<std::string>& text) {
    Grade grade{};
    return text && parseName(*text, grade) ? std::optional(grade) : std::nullopt;
}

std::optional<std::string> nameOfGrade(std::optional<Grade> grade) {
    return grade ? std::optional(std::string(nameOf(*grade))) : std::nullopt;
}

Copy copyOf(Query& row) {
    Copy copy;
    copy.id = {row.integer(0)};
    copy.version = row.integer(1);
    copy.release_id = row.integer(2);
    copy.pressing_open = row.boolean(3);
    copy.owner = row.maybeId<PersonId>(4);
    copy.location = row.maybeId<LocationId>(5);
    copy.media_grade = gradeOf(row.maybeText(6));
    copy.sleeve_grade = gradeOf(row.maybeText(7));
    copy.notes = row.text(8);
    copy.added_at = row.time(9);
    copy.last_played_at = row.maybeTime(10);
    copy.plays = row.integer(11);
    copy.deleted_at = row.maybeTime(12);
    if (!row.null(13))
        copy.label = printedDigits({PrintedKind::copyLabel, row.integer(13)});
    return copy;
}

/// What the shelf's index says of a release.
struct ShelfWords {
    std::string artist, title, labels, year;
};

ShelfWords wordsOf(const Release& release) {
    ShelfWords words{release.artist, release.title, "", release.year ? std::to_string(*release.year) : ""};
    for (const LabelCatno& label : release.labels) {
        words.labels += label.name + ' ' + label.catno + ' ';
        // "SD 8216" is typed as "sd8216", too.
        for (const char c : label.catno)
            if (c != ' ' && c != '-' && c != '.')
                words.labels += c;
        words.labels += ' ';
    }
    return words;
}

Release releaseOf(Connection& db, ReleaseId id) {
    Query query = db.query("SELECT document FROM releases WHERE id = ?");
    if (!query.with(id).step())
        throw Error(ErrorCode::internal, "A copy's release is missing in the store.");
    return json::read<Release>(json::parse(query.text(0)));
}

void unlist(Connection& db, CopyId id) { db.query("DELETE FROM shelf WHERE rowid = ?").with(id).run(); }

void enlist(Connection& db, CopyId id, const Release& release) {
    const ShelfWords words = wordsOf(release);
    db.query("INSERT INTO shelf(rowid, artist, title, labels, year) VALUES (?,?,?,?,?)")
        .with(id, words.artist, words.title, words.labels, words.year)
        .run();
}

} // namespace

CopyId CopyTable::insert(const Copy& copy) {
    const Release release = releaseOf(db_, copy.release_id);
    db_.query("INSERT INTO copies(release, pressing_open, owner, location, media_grade, sleeve_grade, notes, added_ms, artist_key, "
              "title_key, year_key) VALUES (?,?,?,?,?,?,?,?,?,?,?)")
        .with(copy.release_id, copy.pressing_open, copy.owner, copy.location, nameOfGrade(copy.media_grade),
              nameOfGrade(copy.sleeve_grade), copy.notes, copy.added_at, sortKey(release.artist), sortKey(release.title),
              release.year.value_or(0))
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
    const Release release = releaseOf(db_, copy.release_id);
    db_.query("UPDATE copies SET version = version + 1, release = ?, pressing_open = ?, owner = ?, location = ?, media_grade = ?, "
              "sleeve_grade = ?, notes = ?, deleted_ms = ?, artist_key = ?, title_key = ?, year_key = ? WHERE id = ?")
        .with(copy.release_id, copy.pressing_open, copy.owner, copy.location, nameOfGrade(copy.media_grade),
              nameOfGrade(copy.sleeve_grade), copy.notes, copy.deleted_at, sortKey(release.artist), sortKey(release.title),
              release.year.value_or(0), copy.id)
        .run();
    if (!stored->deleted_at)
        unlist(db_, copy.id);
    if (!copy.deleted_at)
        enlist(db_, copy.id, release);
    return *find(copy.id);
}

void CopyTable::countPlay(CopyId id, WallTime at) {
    db_.query("UPDATE copies SET plays = plays + 1, last_played_ms = ? WHERE id = ?").with(at, id).run();
}

void CopyTable::uncountPlay(CopyId id) {
    db_.query("UPDATE copies SET plays = max(plays - 1, 0), last_played_ms = (SELECT max(started_ms) FROM plays WHERE copy = copies.id "
              "AND id < (SELECT max(id) FROM plays WHERE copy = copies.id)) WHERE id = ?")
        .with(id)
        .run();
}

std::optional<Copy> CopyTable::find(CopyId id) const {
    Query query = db_.query("SELECT " + columns + from + "WHERE c.id = ?");
    return query.with(id).step() ? std::optional(copyOf(query)) : std::nullopt;
}

std::vector<Copy> CopyTable::ofRelease(ReleaseId release) const {
    std::vector<Copy> copies;
    Query query = db_.query("SELECT " + columns + from + "WHERE c.release = ? AND c.deleted_ms IS NULL ORDER BY c.id");
    query.with(release);
    while (query.step())
        copies.push_back(copyOf(query));
    return copies;
}

std::optional<CopyView> CopyTable::view(CopyId id) const {
    const auto copy = find(id);
    if (!copy)
        return std::nullopt;
    const Release release = releaseOf(db_, copy->release_id);
    CopyView view;
    view.id = copy->id;
    view.version = copy->version;
    view.release_id = copy->release_id;
    view.pressing_open = copy->pressing_open;
    view.title = release.title;
    view.artist = release.artist;
    view.year = release.year;
    view.country = release.country;
    view.labels = release.labels;
    view.formats = release.formats;
    if (copy->owner)
        if (const auto owner = PeopleTable(db_).find(*copy->owner))
            view.owner = NamedPerson{owner->id, owner->name};
    if (copy->location)
        if (const auto location = LocationTable(db_).find(*copy->location))
            view.location = NamedLocation{location->id, location->path};
    view.media_grade = copy->media_grade;
    view.sleeve_grade = copy->sleeve_grade;
    view.notes = copy->notes;
    view.added_at = copy->added_at;
    view.last_played_at = copy->last_played_at;
    view.plays = copy->plays;
    view.label = copy->label;
    view.deleted_at = copy->deleted_at;
    return view;
}

CollectionCounts CopyTable::counts(WallTime now) const {
    CollectionCounts counts;
    Query copies = db_.query("SELECT copies FROM shelf_counts");
    copies.step();
    counts.records = copies.integer(0);
    Query releases = db_.query("SELECT count(DISTINCT release) FROM copies WHERE deleted_ms IS NULL");
    releases.step();
    counts.releases = releases.integer(0);
    Query plays = db_.query("SELECT count(*) FROM plays WHERE started_ms >= ?");
    plays.with(now - std::chrono::days(30)).step();
    counts.played_30d = plays.integer(0);
    return counts;
}

void CopyTable::bindLabel(std::int64_t label, CopyId copy) {
    db_.query("DELETE FROM labels WHERE copy = ?").with(copy).run();
    db_.query("INSERT INTO labels VALUES (?,?) ON CONFLICT(value) DO UPDATE SET copy = excluded.copy").with(label, copy).run();
}

std::optional<CopyId> CopyTable::byLabel(std::int64_t label) const {
    Query query = db_.query("SELECT copy FROM labels WHERE value = ?");
    return query.with(label).step() ? std::optional(CopyId{query.integer(0)}) : std::nullopt;
}

} // namespace gatefold::store
