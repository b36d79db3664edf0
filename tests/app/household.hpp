#pragma once

#include "app/collection.hpp"
#include "app/identification.hpp"
#include "app/inbox.hpp"
#include "app/listening.hpp"
#include "app/scanning.hpp"
#include "app/write_check.hpp"
#include "core/error.hpp"
#include "core/pressing_facts.hpp"
#include "ports/clock.hpp"
#include "ports/feedback.hpp"
#include "tests/app/real_store.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace gatefold::test {

/// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
public:
    Now now() const override { return now_; }
    void advance(Millis by) {
        now_.wall += by;
        now_.mono += by;
    }

private:
    Now now_{WallTime(Millis(1772395267412)), MonoTime(Millis(1'000'000))};
};

/// A catalogue of releases that a test puts in; finds them by their barcode identifiers alone.
class FakeCatalogue final : public ReleaseLookup {
public:
    void add(Release release) { releases_.push_back(std::move(release)); }

    std::vector<Candidate> byGtin(const GtinKeys& keys, const RankBy&, std::size_t) const override {
        for (const Gtin key : keys.strict)
            if (auto hits = find(key, MatchKind::exact); !hits.empty())
                return hits;
        if (keys.asRead)
            if (auto hits = find(*keys.asRead, MatchKind::weak); !hits.empty())
                return hits;
        for (const Gtin key : keys.weak)
            if (auto hits = find(key, MatchKind::weak); !hits.empty())
                return hits;
        return {};
    }
    std::vector<Candidate> byCatno(std::string_view, const RankBy&, std::size_t) const override {
        return {};
    }
    std::vector<Candidate> byRunout(std::string_view, const RankBy&, std::size_t) const override {
        return {};
    }
    std::vector<Candidate> byText(std::string_view, const RankBy&, std::size_t) const override {
        return {};
    }
    std::vector<Candidate> find(const LookupQuery& query, const RankBy& rank,
                                std::size_t limit) const override {
        return byGtin(query.barcode, rank, limit);
    }
    std::optional<Release> release(ReleaseId id) const override {
        for (const Release& release : releases_)
            if (release.release_id == id)
                return release;
        return std::nullopt;
    }
    CatalogueInfo info() const override { return {}; }

private:
    std::vector<Candidate> find(Gtin key, MatchKind match) const {
        std::vector<Candidate> hits;
        for (const Release& r : releases_)
            for (const Identifier& identifier : r.identifiers)
                for (const CatalogueKey& own : gtinKeysOfField(identifier.value))
                    if (own.gtin == key)
                        hits.push_back(
                            candidateOf(r, own.weak ? MatchKind::weak : match, "barcode"));
        return hits;
    }
    std::vector<Release> releases_;
};

/// Remembers what people at the shelf heard.
class HeardTones final : public Feedback {
public:
    void play(Tone tone, const std::string&) noexcept override { tones.push_back(tone); }
    std::vector<Tone> tones;
};

inline const WriteCheck allowed = [](const ReadTx&) {};

inline Release release(ReleaseId id, const std::string& artist, const std::string& title,
                       const std::string& barcode, std::optional<std::int64_t> master = {}) {
    Release r;
    r.release_id = id;
    r.master_id = master;
    r.artist = artist;
    r.title = title;
    r.year = 1984;
    r.country = "US";
    r.labels = {{"Warner Bros. Records", "1-25110"}};
    r.formats = {{"Vinyl", 1, "", {"LP", "Album"}}};
    if (!barcode.empty())
        r.identifiers = {{IdentifierType::barcode, barcode, {}}};
    r.tracklist = {{"A1", "One", "3:00"}, {"A2", "Two", "2:00"}, {"B1", "Three", "4:00"}};
    return r;
}

/// Codes of the household's records.
namespace code {
inline const std::string ownedOne = "0075992511018";     ///< release 1, one pressing
inline const std::string severalSame = "5012394144777";  ///< releases 10, 11: one album
inline const std::string severalOther = "4006381333931"; ///< releases 20, 21: different albums
inline const std::string second = "0724382910725";       ///< release 2, one pressing
inline const std::string nobody = "9780201379624";       ///< nothing known
} // namespace code

/// Use cases over a real store, a fake clock and a fake catalogue.
struct Household {
    TempFolder folder;
    FakeClock clock;
    FakeCatalogue catalogue;
    HeardTones heard;
    std::unique_ptr<RealStore> real = openStore(folder.path(), clock);
    UnitOfWork& store = real->unitOfWork();
    Identification identification{catalogue};
    Listening listening{store, clock, catalogue};
    Scanning scanning{store,     clock, identification,
                      listening, heard, [](const std::string&) { return std::nullopt; }};
    Collection collection{store, clock, identification};
    InboxDesk inbox{store, clock, identification, listening};

    Household() {
        catalogue.add(release(1, "Talking Heads", "Stop Making Sense", code::ownedOne, 101));
        catalogue.add(release(2, "Nina Simone", "Pastel Blues", code::second, 102));
        catalogue.add(release(10, "Kraftwerk", "Computer World", code::severalSame, 110));
        catalogue.add(release(11, "Kraftwerk", "Computer World", code::severalSame, 110));
        catalogue.add(release(20, "Somebody", "First", code::severalOther, 120));
        catalogue.add(release(21, "Somebody Else", "Second", code::severalOther, 121));
        store.write([](Tx& tx) { tx.decks.configure({{"main", "Main"}, {"den", "Den"}}); });
        listening.restore();
    }

    ScanAnswer scan(const std::string& bytes, const std::string& source = "shelf") {
        clock.advance(std::chrono::seconds(3));
        return scanning.scan({source, bytes, {}, {}, Symbology::unknown}).answer;
    }
    void mode(Mode mode, const std::string& source = "shelf") {
        scan(printedDigits({PrintedKind::control, card::firstMode + static_cast<int>(mode)}),
             source);
    }
    void card(std::int64_t value, const std::string& source = "shelf") {
        scan(printedDigits({PrintedKind::control, value}), source);
    }
    CopyId own(ReleaseId id) {
        NewCopy copy;
        copy.release_id = id;
        return collection.add(copy).id;
    }
    std::int64_t copies() {
        return store.read([](const ReadTx& tx) { return tx.copies.search({}).total; });
    }
    std::int64_t openItems() { return inbox.open({}).total; }
    /// Names of all events so far, in order.
    std::string events() {
        return store.read([](const ReadTx& tx) {
            std::string out;
            for (const LogRow& row : tx.events.after(0, 500))
                if (row.kind == LogRow::Kind::event)
                    out += row.name + " ";
            return out;
        });
    }
    /// `data` of the last event of that name.
    std::string lastEvent(const std::string& name) {
        return store.read([&](const ReadTx& tx) {
            std::string body;
            for (const LogRow& row : tx.events.after(0, 500))
                if (row.kind == LogRow::Kind::event && row.name == name)
                    body = row.body;
            return body;
        });
    }
    std::string playing(const std::string& deck = "main") {
        return listening.nowPlayingDocument(deck);
    }
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace gatefold::test
