#include "store/repositories.hpp"

namespace gatefold::store {

void CoverTable::setOfCopy(CopyId copy, std::string_view hash, WallTime at) {
    db_.query("INSERT INTO copy_covers VALUES (?,?,?) ON CONFLICT DO UPDATE SET hash = "
              "excluded.hash, at_ms = excluded.at_ms")
        .with(copy, hash, at)
        .run();
}

bool CoverTable::removeOfCopy(CopyId copy) {
    return db_.query("DELETE FROM copy_covers WHERE copy = ?").with(copy).run() > 0;
}

void CoverTable::setOfRelease(ReleaseId release, const ReleaseCover& cover) {
    db_.query("INSERT INTO release_covers VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET hash = "
              "excluded.hash, source = excluded.source, at_ms = excluded.at_ms, ends_ms = "
              "excluded.ends_ms")
        .with(release, cover.hash, cover.source, cover.at, cover.ends_at)
        .run();
}

std::vector<ReleaseId> CoverTable::removeEnded(WallTime now) {
    std::vector<ReleaseId> ended;
    {
        Query query = db_.query("SELECT release FROM release_covers WHERE ends_ms <= ?");
        query.with(now);
        while (query.step())
            ended.push_back(query.integer(0));
    }
    for (const ReleaseId release : ended)
        db_.query("DELETE FROM release_covers WHERE release = ?").with(release).run();
    return ended;
}

std::optional<ReleaseCover> CoverTable::ofRelease(ReleaseId release) const {
    Query query =
        db_.query("SELECT hash, source, at_ms, ends_ms FROM release_covers WHERE release = ?");
    if (!query.with(release).step())
        return std::nullopt;
    return ReleaseCover{query.text(0), query.text(1), query.time(2), query.maybeTime(3)};
}

std::optional<std::string> CoverTable::shown(ReleaseId release, std::optional<CopyId> copy) const {
    Query query = db_.query("SELECT coalesce((SELECT hash FROM copy_covers WHERE copy = ?), "
                            "(SELECT hash FROM release_covers WHERE release = ?))");
    query.with(copy, release).step();
    return query.maybeText(0);
}

std::set<std::string> CoverTable::used() const {
    std::set<std::string> hashes;
    Query query = db_.query("SELECT hash FROM copy_covers UNION SELECT hash FROM release_covers");
    while (query.step())
        hashes.insert(query.text(0));
    return hashes;
}

} // namespace gatefold::store
