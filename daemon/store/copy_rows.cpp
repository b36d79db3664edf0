#include "store/copy_rows.hpp"

#include "core/codes.hpp"
#include "ports/covers.hpp"
#include "store/repositories.hpp"
#include "store/shelf_index.hpp"
#include "json/read.hpp"

#include <utility>

namespace gatefold::store {

namespace {

std::optional<Grade> gradeOf(const std::optional<std::string>& text) {
    Grade grade{};
    return text && parseName(*text, grade) ? std::optional(grade) : std::nullopt;
}

} // namespace

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

std::optional<CopyView> CopyViews::view(CopyId id) {
    static const std::string sql =
        "SELECT " + std::string(copyColumns) +
        ", r.summary, p.name, coalesce((SELECT hash FROM copy_covers WHERE copy = c.id), "
        "(SELECT hash FROM release_covers WHERE release = c.release)) "
        "FROM copies c JOIN releases r ON r.id = c.release LEFT JOIN labels l ON l.copy = c.id "
        "LEFT JOIN people p ON p.id = c.owner WHERE c.id = ?";
    Query row = db_.query(sql);
    if (!row.with(id).step())
        return std::nullopt;
    Copy copy = copyOf(row);
    auto release = json::read<ReleaseSummary>(json::parse(row.text(14)));
    CopyView view;
    view.id = copy.id;
    view.version = copy.version;
    view.release_id = copy.release_id;
    view.pressing_open = copy.pressing_open;
    view.title = std::move(release.title);
    view.artist = std::move(release.artist);
    view.year = release.year;
    view.country = std::move(release.country);
    view.labels = std::move(release.labels);
    view.formats = std::move(release.formats);
    if (copy.owner)
        view.owner = NamedPerson{*copy.owner, row.text(15)};
    if (copy.location)
        view.location = location(*copy.location);
    view.media_grade = copy.media_grade;
    view.sleeve_grade = copy.sleeve_grade;
    view.notes = std::move(copy.notes);
    view.added_at = copy.added_at;
    view.last_played_at = copy.last_played_at;
    view.plays = copy.plays;
    view.label = std::move(copy.label);
    if (!row.null(16))
        view.cover_url = coverPath(row.text(16));
    view.deleted_at = copy.deleted_at;
    return view;
}

const NamedLocation& CopyViews::location(LocationId id) {
    const auto known = locations_.find(id);
    if (known != locations_.end())
        return known->second;
    const auto found = LocationTable(db_).find(id);
    return locations_.emplace(id, NamedLocation{id, found ? found->path : ""}).first->second;
}

} // namespace gatefold::store
