#include "store/shelf_index.hpp"

#include "store/shelf_words.hpp"

#include <set>

namespace gatefold::store {

namespace {

/// Sorts below every letter and digit of a key, so that "Can" comes before "Canned Heat".
constexpr char keyPart = '\t';
constexpr int unknownYear = 9999;

std::string namesOf(const ReleaseSummary& release) {
    std::string names = release.artist + ' ' + release.title;
    for (const LabelCatno& label : release.labels)
        names += ' ' + label.name;
    return names;
}

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += word + ' ';
    return text;
}

} // namespace

ReleaseSummary summaryOf(const Release& release) {
    return {release.title,   release.artist, release.year,
            release.country, release.labels, release.formats};
}

ShelfKeys shelfKeysOf(const ReleaseSummary& release) {
    const int year = release.year.value_or(unknownYear);
    const std::string title = sortKey(release.title);
    return {sortKey(release.artist) + keyPart + std::to_string(year) + keyPart + title, title,
            year};
}

void enlist(Connection& db, CopyId id, const ReleaseSummary& release) {
    const std::string names = namesOf(release);
    std::string text = join(indexWords(names));
    for (const LabelCatno& label : release.labels)
        text += join(indexWords(label.catno)) + withoutSigns(label.catno) + ' ';
    if (release.year)
        text += std::to_string(*release.year);
    db.query("INSERT INTO shelf(rowid, words) VALUES (?,?)").with(id, text).run();
    for (const std::string& term : correctableWords(names))
        db.query("INSERT INTO shelf_terms VALUES (?) ON CONFLICT DO NOTHING").with(term).run();
}

void unlist(Connection& db, CopyId id) {
    db.query("DELETE FROM shelf WHERE rowid = ?").with(id).run();
}

void relist(Connection& db, ReleaseId id, const ReleaseSummary& release) {
    const ShelfKeys keys = shelfKeysOf(release);
    db.query("UPDATE copies SET artist_key = ?, title_key = ?, year_key = ? WHERE release = ?")
        .with(keys.artist, keys.title, keys.year, id)
        .run();
    std::vector<CopyId> copies;
    {
        Query query =
            db.query("SELECT id FROM copies WHERE release = ? AND deleted_ms IS NULL ORDER BY id");
        query.with(id);
        while (query.step())
            copies.push_back({query.integer(0)});
    }
    for (const CopyId copy : copies) {
        unlist(db, copy);
        enlist(db, copy, release);
    }
}

} // namespace gatefold::store
