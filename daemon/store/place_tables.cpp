#include "core/codes.hpp"
#include "store/paging.hpp"
#include "store/repositories.hpp"

#include <algorithm>
#include <utility>

namespace gatefold::store {

namespace {

/// Deeper than any house; also what ends a walk in a tree that is none.
constexpr int deepest = 16;

/// The whole tree with its paths.
const std::string selectTree =
    "WITH RECURSIVE tree(id, version, parent, name, path, depth) AS ("
    "SELECT id, version, parent, name, name, 1 FROM locations WHERE parent IS NULL UNION ALL "
    "SELECT l.id, l.version, l.parent, l.name, t.path || ' / ' || l.name, t.depth + 1 FROM "
    "locations l JOIN tree t ON l.parent = t.id "
    "WHERE t.depth < " +
    std::to_string(deepest) +
    ") SELECT id, version, parent, name, path FROM tree ORDER BY path COLLATE NOCASE, id";

Location locationOf(Query& row, std::string path) {
    return {
        {row.integer(0)}, row.integer(1),  row.maybeId<LocationId>(2),
        row.text(3),      std::move(path), printedDigits({PrintedKind::location, row.integer(0)})};
}

/// Throws `invalid` when there is no such parent, when it lies below `moved`, or too deep.
void checkParent(Connection& db, std::optional<LocationId> parent,
                 std::optional<LocationId> moved) {
    for (int depth = 1; parent; ++depth) {
        if (parent == moved)
            throw Error(ErrorCode::invalid, "A location cannot stand inside itself.", "parent");
        if (depth >= deepest)
            throw Error(ErrorCode::invalid,
                        "Locations are at most " + std::to_string(deepest) + " levels deep.",
                        "parent");
        Query query = db.query("SELECT parent FROM locations WHERE id = ?");
        if (!query.with(*parent).step())
            throw Error(ErrorCode::invalid, "There is no location " + parent->text() + ".",
                        "parent");
        parent = query.maybeId<LocationId>(0);
    }
}

const std::string selectDeck = "SELECT id, name, number FROM decks WHERE place IS NOT NULL ";

Deck deckOf(Query& row) {
    return {row.text(0), row.text(1), row.integer(2),
            printedDigits({PrintedKind::deck, row.integer(2)})};
}

} // namespace

LocationId LocationTable::insert(const std::string& name, std::optional<LocationId> parent) {
    checkParent(db_, parent, std::nullopt);
    db_.query("INSERT INTO locations(parent, name) VALUES (?,?)").with(parent, name).run();
    return {db_.lastRowId()};
}

void LocationTable::save(const Location& location, std::optional<std::int64_t> expected_version) {
    const auto stored = find(location.id);
    if (!stored)
        throw Error(ErrorCode::notFound, "There is no location " + location.id.text() + ".", "id");
    checkVersion(stored->version, expected_version);
    checkParent(db_, location.parent, location.id);
    db_.query("UPDATE locations SET version = version + 1, parent = ?, name = ? WHERE id = ?")
        .with(location.parent, location.name, location.id)
        .run();
}

std::optional<Location> LocationTable::find(LocationId id) const {
    std::optional<Location> location;
    std::optional<LocationId> next = id;
    for (int depth = 0; next && depth < deepest; ++depth) {
        Query query = db_.query("SELECT id, version, parent, name FROM locations WHERE id = ?");
        if (!query.with(*next).step())
            break;
        if (location)
            location->path = query.text(3) + " / " + location->path;
        else
            location = locationOf(query, query.text(3));
        next = query.maybeId<LocationId>(2);
    }
    return location;
}

std::vector<Location> LocationTable::all() const {
    std::vector<Location> locations;
    Query query = db_.query(selectTree);
    while (query.step())
        locations.push_back(locationOf(query, query.text(4)));
    return locations;
}

void DeckTable::configure(const std::vector<std::pair<DeckId, std::string>>& decks) {
    const auto stored = all();
    const bool same = std::equal(
        stored.begin(), stored.end(), decks.begin(), decks.end(),
        [](const Deck& a, const auto& b) { return a.id == b.first && a.name == b.second; });
    if (same)
        return;
    db_.query("UPDATE decks SET place = NULL").run();
    for (std::size_t place = 0; place < decks.size(); ++place)
        db_.query("INSERT INTO decks(id, name, place) VALUES (?,?,?) ON CONFLICT(id) DO UPDATE SET "
                  "name = excluded.name, place = "
                  "excluded.place")
            .with(decks[place].first, decks[place].second, static_cast<std::int64_t>(place))
            .run();
}

std::vector<Deck> DeckTable::all() const {
    std::vector<Deck> decks;
    Query query = db_.query(selectDeck + "ORDER BY place");
    while (query.step())
        decks.push_back(deckOf(query));
    return decks;
}

std::optional<Deck> DeckTable::find(std::string_view id) const {
    Query query = db_.query(selectDeck + "AND id = ?");
    return query.with(id).step() ? std::optional(deckOf(query)) : std::nullopt;
}

std::optional<Deck> DeckTable::byNumber(std::int64_t number) const {
    Query query = db_.query(selectDeck + "AND number = ?");
    return query.with(number).step() ? std::optional(deckOf(query)) : std::nullopt;
}

std::optional<DeviceRow> DeviceTable::find(std::string_view id) const {
    Query query = db_.query("SELECT id, version, name, deck, layout FROM devices WHERE id = ?");
    if (!query.with(id).step())
        return std::nullopt;
    return DeviceRow{query.text(0), query.integer(1), query.maybeText(2), query.maybeText(3),
                     query.maybeText(4)};
}

void DeviceTable::save(const DeviceRow& row, std::optional<std::int64_t> expected_version) {
    const auto stored = find(row.id);
    const std::int64_t version = stored ? stored->version : 1;
    checkVersion(version, expected_version);
    db_.query("INSERT INTO devices VALUES (?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET version = "
              "excluded.version, name = excluded.name, "
              "deck = excluded.deck, layout = excluded.layout")
        .with(row.id, version + 1, row.name, row.deck, row.layout)
        .run();
}

std::optional<std::string> SettingTable::get(std::string_view key) const {
    Query query = db_.query("SELECT value FROM settings WHERE key = ?");
    return query.with(key).step() ? std::optional(query.text(0)) : std::nullopt;
}

void SettingTable::set(std::string_view key, std::string_view value) {
    db_.query("INSERT INTO settings VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value = "
              "excluded.value")
        .with(key, value)
        .run();
}

void SettingTable::remove(std::string_view key) {
    db_.query("DELETE FROM settings WHERE key = ?").with(key).run();
}

} // namespace gatefold::store
