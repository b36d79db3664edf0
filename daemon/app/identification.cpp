#include "app/identification.hpp"

#include "core/error.hpp"
#include "core/pressing_facts.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t longestCode = 512;
constexpr std::size_t mostCandidates = 50;

std::string sameAlbumKey(const Candidate& candidate) {
    if (candidate.master_id)
        return std::to_string(*candidate.master_id);
    return asciiLower(candidate.artist) + '\n' + asciiLower(candidate.title);
}

bool allOneAlbum(const std::vector<Candidate>& candidates) {
    return std::all_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
        return sameAlbumKey(c) == sameAlbumKey(candidates.front());
    });
}

std::string learnedKey(std::string_view text, const GtinKeys& keys) {
    return keys.strict.empty() ? std::string(text) : keys.strict.front().text();
}

/// What a scan can never be, with the reason; empty when it may be a code.
std::string damage(std::string_view trimmed_code) {
    if (!isUtf8(trimmed_code))
        return "The scanner sent bytes that are not text.";
    if (trimmed_code.empty())
        return "The scanner sent only blanks.";
    if (trimmed_code.size() > longestCode)
        return "The code is longer than 512 bytes.";
    if (hasControlCharacters(trimmed_code))
        return "The code holds control characters.";
    return {};
}

} // namespace

const Copy& meantCopy(const std::vector<Copy>& copies, std::optional<PersonId> person) {
    return *std::max_element(copies.begin(), copies.end(), [&](const Copy& a, const Copy& b) {
        const bool a_own = person && a.owner == person;
        const bool b_own = person && b.owner == person;
        if (a_own != b_own)
            return b_own;
        if (a.last_played_at != b.last_played_at)
            return a.last_played_at < b.last_played_at;
        return a.id > b.id;
    });
}

bool Identification::identifyPrinted(const ReadTx& tx, Identified& found) const {
    // The layout test is our digits with a tail of signs.
    const std::string_view digits =
        std::string_view(found.text).substr(0, std::min<std::size_t>(16, found.text.size()));
    const bool layout_test = found.text == layoutTestCode();
    if (!layout_test && !looksPrinted(found.text))
        return false;
    const auto code = parsePrinted(digits);
    const auto notMadeHere = [&](std::string reason) {
        found.code = CodeIs::damaged;
        found.reason = std::move(reason);
        return true;
    };
    if (!code)
        return notMadeHere(
            "The code looks like one of Gatefold's cards, but its check digits are wrong.");
    const bool known =
        code->kind == PrintedKind::person ? tx.people.find(PersonId{code->value}).has_value()
        : code->kind == PrintedKind::location
            ? tx.locations.find(LocationId{code->value}).has_value()
        : code->kind == PrintedKind::deck ? tx.decks.byNumber(code->value).has_value()
                                          : true;
    if (!known)
        return notMadeHere(
            "This card was not made here: its person, location or deck is not known.");
    if (code->kind != PrintedKind::copyLabel) {
        found.code = CodeIs::controlCard;
        found.card = code;
        return true;
    }
    found.label = code->value;
    found.code = CodeIs::nothingKnown;
    const auto bound = tx.copies.byLabel(code->value);
    const auto copy = bound ? tx.copies.find(*bound) : std::nullopt;
    if (copy && !copy->deleted_at) {
        found.code = CodeIs::owned;
        found.copy = copy->id;
        found.release_id = copy->release_id;
        found.copies = tx.copies.ofRelease(copy->release_id).size();
    }
    return true;
}

bool Identification::identifyOwned(const ReadTx& tx, const GtinKeys& keys,
                                   std::optional<PersonId> person, Identified& found) const {
    if (keys.empty())
        return false;
    std::vector<Copy> copies;
    for (const Releases::Owned& owned : tx.releases.ownedByGtin(keys)) {
        if (owned.match == MatchKind::exact) {
            auto of_release = tx.copies.ofRelease(owned.release_id);
            copies.insert(copies.end(), of_release.begin(), of_release.end());
        } else if (const auto release = tx.releases.find(owned.release_id)) {
            found.candidates.push_back(
                candidateOf(*release, MatchKind::weak, "you own it; its barcode nearly matches"));
        }
    }
    if (copies.empty())
        return false;
    found.candidates.clear();
    const Copy& copy = meantCopy(copies, person);
    found.code = CodeIs::owned;
    found.copy = copy.id;
    found.copies = copies.size();
    found.release_id = copy.release_id;
    return true;
}

bool Identification::identifyLearned(const ReadTx& tx, std::optional<PersonId> person,
                                     Identified& found) const {
    const auto release_id = tx.learned.find(found.key);
    if (!release_id)
        return false;
    found.release_id = *release_id;
    found.candidates.clear();
    const auto copies = tx.copies.ofRelease(*release_id);
    if (!copies.empty()) {
        found.code = CodeIs::owned;
        found.copy = meantCopy(copies, person).id;
        found.copies = copies.size();
        return true;
    }
    const auto known = release(tx, *release_id);
    if (!known)
        return false;
    found.code = CodeIs::oneRelease;
    found.candidates = {candidateOf(*known, MatchKind::exact, "the household taught this code")};
    return true;
}

std::vector<Candidate> Identification::inCatalogue(const ReadTx& tx, const GtinKeys& keys) const {
    if (keys.empty())
        return {};
    try {
        return catalogue_.byGtin(keys, {tx.settings.get("household.country")}, mostCandidates);
    } catch (const Error&) {
        return {}; // a broken catalogue must not stop the shelf; its own state tells the household
    }
}

void Identification::identifyInCatalogue(const ReadTx& tx, const GtinKeys& keys,
                                         std::optional<PersonId> person, Identified& found) const {
    std::vector<Candidate> hits = inCatalogue(tx, keys);
    const bool exact = !hits.empty() && hits.front().match == MatchKind::exact;
    if (exact) {
        // A copy entered by hand knows its release, but perhaps not this barcode: the catalogue
        // does.
        std::vector<Copy> copies;
        for (const Candidate& hit : hits) {
            auto of_release = tx.copies.ofRelease(hit.release_id);
            copies.insert(copies.end(), of_release.begin(), of_release.end());
        }
        found.candidates = std::move(hits);
        found.release_id = found.candidates.front().release_id;
        if (!copies.empty()) {
            const Copy& copy = meantCopy(copies, person);
            found.code = CodeIs::owned;
            found.copy = copy.id;
            found.copies = copies.size();
            found.release_id = copy.release_id;
            return;
        }
        found.code = found.candidates.size() == 1 ? CodeIs::oneRelease : CodeIs::severalPressings;
        found.same_album = allOneAlbum(found.candidates);
        return;
    }
    for (Candidate& hit : hits) {
        const bool listed =
            std::any_of(found.candidates.begin(), found.candidates.end(),
                        [&](const Candidate& c) { return c.release_id == hit.release_id; });
        if (!listed)
            found.candidates.push_back(std::move(hit));
    }
    if (!found.candidates.empty()) {
        found.code = CodeIs::weakOnly;
    } else if (keys.damaged()) {
        found.code = CodeIs::damaged;
        found.reason = "The check digit is wrong: scan it again.";
    }
}

Identified Identification::identify(const ReadTx& tx, std::string_view raw, Symbology symbology,
                                    std::optional<PersonId> person) const {
    Identified found;
    const std::string_view text = trimmed(raw);
    found.reason = damage(text);
    if (!found.reason.empty()) {
        found.code = CodeIs::damaged;
        found.text = printable(text);
        return found;
    }
    found.text = text;
    if (identifyPrinted(tx, found))
        return found;
    const GtinKeys keys = gtinKeysOfScan(text, symbology);
    if (!keys.strict.empty())
        found.gtin = keys.strict.front().text();
    found.key = learnedKey(text, keys);
    if (identifyOwned(tx, keys, person, found) || identifyLearned(tx, person, found))
        return found;
    identifyInCatalogue(tx, keys, person, found);
    return found;
}

std::vector<Candidate> Identification::candidates(const ReadTx& tx, std::string_view code,
                                                  Symbology symbology) const {
    const GtinKeys keys = gtinKeysOfScan(trimmed(code), symbology);
    if (keys.empty())
        return {};
    auto found = inCatalogue(tx, keys);
    if (!found.empty())
        return found;
    for (const Releases::Owned& owned : tx.releases.ownedByGtin(keys))
        if (const auto release = tx.releases.find(owned.release_id))
            found.push_back(candidateOf(*release, owned.match, "you own it"));
    return found;
}

void Identification::addRunouts(const ReadTx& tx, std::vector<Candidate>& candidates) const {
    for (Candidate& candidate : candidates) {
        candidate.runouts = std::vector<std::string>();
        try {
            if (const auto known = release(tx, candidate.release_id))
                candidate.runouts = runoutsOf(known->identifiers);
        } catch (const Error&) {
            return; // a damaged catalogue answers what it can; its own state tells the household
        }
    }
}

std::string Identification::keyOf(std::string_view code, Symbology symbology) const {
    return learnedKey(trimmed(code), gtinKeysOfScan(trimmed(code), symbology));
}

std::optional<Release> Identification::release(const ReadTx& tx, ReleaseId id) const {
    if (auto stored = tx.releases.find(id))
        return stored;
    return catalogue_.release(id);
}

} // namespace gatefold
