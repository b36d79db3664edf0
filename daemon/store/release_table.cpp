#include "core/gtin.hpp"
#include "store/repositories.hpp"
#include "store/shelf_index.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <algorithm>

namespace gatefold::store {

namespace {

/// No index leads from a release to its barcodes: a whole walk, which only a change is worth.
void forgetBarcodes(Connection& db, ReleaseId release) {
    db.query("DELETE FROM release_gtins WHERE release = ?").with(release).run();
}

void indexBarcodes(Connection& db, const Release& release) {
    for (const Identifier& identifier : release.identifiers) {
        if (identifier.type != IdentifierType::barcode)
            continue;
        for (const CatalogueKey& key : gtinKeysOfField(identifier.value))
            db.query("INSERT INTO release_gtins VALUES (?,?,?) ON CONFLICT DO UPDATE SET weak = "
                     "min(weak, excluded.weak)")
                .with(static_cast<std::int64_t>(key.gtin.value), release.release_id, key.weak)
                .run();
    }
}

/// Until when its facts may be shown, where they have an end.
std::optional<WallTime> endOf(const Release& release) {
    return release.attribution ? release.attribution->show_until : std::nullopt;
}

} // namespace

void ReleaseTable::keep(const Release& release) {
    const std::string document = json::write(release);
    bool replaces = false;
    {
        Query known = db_.query("SELECT document, corrected FROM releases WHERE id = ?");
        replaces = known.with(release.release_id).step();
        if (replaces && (known.boolean(1) || known.text(0) == document))
            return;
    }
    const ReleaseSummary summary = summaryOf(release);
    db_.query("INSERT INTO releases(id, document, summary, show_until_ms) VALUES (?,?,?,?) ON "
              "CONFLICT DO UPDATE SET document = excluded.document, summary = excluded.summary, "
              "show_until_ms = excluded.show_until_ms")
        .with(release.release_id, document, json::write(summary), endOf(release))
        .run();
    if (replaces)
        forgetBarcodes(db_, release.release_id);
    indexBarcodes(db_, release);
    if (replaces)
        relist(db_, release.release_id, summary);
}

ReleaseId ReleaseTable::create(Release release) {
    {
        Query highest = db_.query("SELECT max(id) FROM releases WHERE id >= ?");
        highest.with(firstOwnReleaseId).step();
        release.release_id = highest.null(0) ? firstOwnReleaseId : highest.integer(0) + 1;
    }
    db_.query("INSERT INTO releases(id, document, summary, corrected) VALUES (?,?,?,1)")
        .with(release.release_id, json::write(release), json::write(summaryOf(release)))
        .run();
    indexBarcodes(db_, release);
    return release.release_id;
}

std::optional<Release> ReleaseTable::find(ReleaseId id) const {
    Query query = db_.query("SELECT document FROM releases WHERE id = ?");
    if (!query.with(id).step())
        return std::nullopt;
    return json::read<Release>(json::parse(query.text(0)));
}

std::vector<Releases::Owned> ReleaseTable::ownedUnder(Gtin key, MatchKind best) const {
    std::vector<Owned> owned;
    Query query =
        db_.query("SELECT g.release, g.weak FROM release_gtins g WHERE g.gtin = ? AND EXISTS "
                  "(SELECT 1 FROM copies c WHERE c.release = g.release AND c.deleted_ms IS NULL) "
                  "ORDER BY g.release");
    query.with(static_cast<std::int64_t>(key.value));
    while (query.step())
        owned.push_back({query.integer(0), query.boolean(1) ? MatchKind::weak : best});
    return owned;
}

std::vector<Releases::Owned> ReleaseTable::ownedByGtin(const GtinKeys& keys) const {
    std::vector<Owned> weak;
    for (const Gtin key : keys.strict) {
        std::vector<Owned> owned = ownedUnder(key, MatchKind::exact);
        const auto exact = std::stable_partition(
            owned.begin(), owned.end(), [](const Owned& o) { return o.match == MatchKind::exact; });
        weak.insert(weak.end(), exact, owned.end());
        owned.erase(exact, owned.end());
        if (!owned.empty())
            return owned;
    }
    if (weak.empty() && keys.asRead)
        weak = ownedUnder(*keys.asRead, MatchKind::weak);
    for (const Gtin key : keys.weak)
        if (weak.empty())
            weak = ownedUnder(key, MatchKind::weak);
    return weak;
}

void LearnedTable::learn(std::string_view key, ReleaseId release, WallTime at) {
    db_.query("INSERT INTO learned_codes VALUES (?,?,?) ON CONFLICT(key) DO UPDATE SET release = "
              "excluded.release, at_ms = excluded.at_ms")
        .with(key, release, at)
        .run();
}

void LearnedTable::forget(std::string_view key) {
    db_.query("DELETE FROM learned_codes WHERE key = ?").with(key).run();
}

std::optional<ReleaseId> LearnedTable::find(std::string_view key) const {
    Query query = db_.query("SELECT release FROM learned_codes WHERE key = ?");
    return query.with(key).step() ? std::optional(query.integer(0)) : std::nullopt;
}

} // namespace gatefold::store
