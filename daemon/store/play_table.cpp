#include "store/paging.hpp"
#include "store/repositories.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <cstdint>

namespace gatefold::store {

namespace {

const std::string selectPlays =
    "SELECT id, deck, copy, release, confidence, how, person, started_ms, "
    "ended_ms, saved FROM plays ";

PlayRow rowOf(Query& row) {
    PlayRow play;
    play.id = {row.integer(0)};
    play.deck = row.text(1);
    play.copy = row.maybeId<CopyId>(2);
    play.release_id = row.integer(3);
    parseName(row.text(4), play.confidence);
    play.how = row.text(5);
    play.person = row.maybeId<PersonId>(6);
    play.started_at = row.time(7);
    play.ended_at = row.maybeTime(8);
    play.saved = json::read<PlaySession::Saved>(json::parse(row.text(9)));
    return play;
}

} // namespace

PlayId PlayTable::insert(const PlayRow& row) {
    db_.query("INSERT INTO plays(deck, copy, release, confidence, how, person, started_ms, saved) "
              "VALUES (?,?,?,?,?,?,?,?)")
        .with(row.deck, row.copy, row.release_id, nameOf(row.confidence), row.how, row.person,
              row.started_at, json::write(row.saved))
        .run();
    return {db_.lastRowId()};
}

void PlayTable::save(PlayId id, const PlaySession::Saved& saved) {
    db_.query("UPDATE plays SET saved = ? WHERE id = ?").with(json::write(saved), id).run();
}

void PlayTable::setRelease(PlayId id, ReleaseId release, std::optional<CopyId> copy,
                           Confidence confidence) {
    db_.query("UPDATE plays SET release = ?, copy = ?, confidence = ? WHERE id = ?")
        .with(release, copy, nameOf(confidence), id)
        .run();
}

void PlayTable::close(PlayId id, const PlaySession::Saved& saved, WallTime at) {
    db_.query("UPDATE plays SET saved = ?, ended_ms = ? WHERE id = ?")
        .with(json::write(saved), at, id)
        .run();
}

void PlayTable::remove(PlayId id) {
    db_.query("DELETE FROM plays WHERE id = ?").with(id).run();
}

void PlayTable::countSide(const SidePlay& side) {
    db_.query("INSERT INTO side_plays(play, side, played_s, share, at_ms) VALUES (?,?,?,?,?)")
        .with(side.play, side.side, side.played_s, side.share, side.at)
        .run();
}

std::optional<PlayRow> PlayTable::find(PlayId id) const {
    Query query = db_.query(selectPlays + "WHERE id = ?");
    return query.with(id).step() ? std::optional(rowOf(query)) : std::nullopt;
}

std::vector<PlayRow> PlayTable::openOnes() const {
    std::vector<PlayRow> rows;
    Query query = db_.query(selectPlays + "WHERE ended_ms IS NULL ORDER BY id");
    while (query.step())
        rows.push_back(rowOf(query));
    return rows;
}

std::optional<PlayRow> PlayTable::lastOfDeck(std::string_view deck) const {
    Query query = db_.query(selectPlays + "WHERE deck = ? ORDER BY id DESC LIMIT 1");
    return query.with(deck).step() ? std::optional(rowOf(query)) : std::nullopt;
}

Page<PlayView> PlayTable::list(const PageRequest& request) const {
    Page<PlayView> page;
    const int size = pageSize(request);
    Query query = db_.query(selectPlays + "WHERE id < ? ORDER BY id DESC LIMIT ?");
    query.with(cursorRow(request).value_or(INT64_MAX), size + 1);
    while (query.step()) {
        const PlayRow row = rowOf(query);
        PlayView view{row.id,         row.deck,     row.copy, row.release_id, "", "",
                      row.started_at, row.ended_at, {}};
        if (const auto release = ReleaseTable(db_).find(row.release_id)) {
            view.title = release->title;
            view.artist = release->artist;
        }
        Query sides = db_.query("SELECT side FROM side_plays WHERE play = ? ORDER BY id");
        sides.with(row.id);
        while (sides.step())
            view.sides.push_back(sides.text(0));
        page.items.push_back(std::move(view));
    }
    cutPage(page, size, [](const PlayView& last) { return std::to_string(last.id.value); });
    Query count = db_.query("SELECT count(*) FROM plays");
    count.step();
    page.total = count.integer(0);
    return page;
}

} // namespace gatefold::store
