#include "catalogue/batch_indexer.hpp"
#include "catalogue/searches.hpp"

#include <algorithm>
#include <set>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t shortestPrefix = 3;
constexpr std::size_t shortestRunoutPart = 4;
constexpr std::size_t shortestFuzzy = 6;
constexpr std::size_t maxNumberWords = 8;
constexpr std::size_t maxScannedKeys = 50'000; ///< of a list in one fuzzy search

std::uint32_t releaseOf(std::uint32_t entry) {
    return entry >> 2;
}
std::uint32_t kindOf(std::uint32_t entry) {
    return entry & 3;
}

std::vector<std::uint32_t> releasesWith(IndexReader& index, KeyList list, std::string_view key,
                                        std::uint32_t kind) {
    std::vector<std::uint32_t> releases;
    for (const std::uint32_t entry : index.entriesOf(list, key, maxHits * 2))
        if (kindOf(entry) == kind)
            releases.push_back(releaseOf(entry));
    return releases;
}

struct GtinStep {
    const std::vector<Gtin>* keys;
    std::uint32_t kind;
    MatchKind match;
    const char* why;
};

/// Releases under keys that begin with `prefix`; those under just that key first.
std::vector<std::uint32_t> releasesBelow(IndexReader& index, KeyList list,
                                         std::string_view prefix) {
    std::vector<std::uint32_t> releases;
    index.eachKey(list, prefix,
                  [&](std::string_view key, const std::vector<std::uint32_t>& entries) {
                      if (!key.starts_with(prefix))
                          return false;
                      for (const std::uint32_t entry : entries)
                          releases.push_back(releaseOf(entry));
                      return releases.size() < maxHits;
                  });
    return releases;
}

bool namesLabel(const Release& release, std::string_view folded) {
    return std::any_of(release.labels.begin(), release.labels.end(), [&](const LabelCatno& label) {
        const std::string name = foldedKey(label.name);
        return name.starts_with(folded) || folded.starts_with(name);
    });
}

/// "Atlantic SD 8216": the number behind a label's name that the release bears.
std::vector<Hit> behindLabelName(IndexReader& index, std::string_view catno,
                                 const std::string& whole, const Keep& keep) {
    std::vector<Hit> hits;
    const auto tails = foldedTails(catno, maxNumberWords, 1);
    for (std::size_t i = 1; i < tails.size() && hits.empty(); ++i) {
        const std::string_view label = std::string_view(whole).substr(
            0, whole.size() - std::min(whole.size(), tails[i].size()));
        if (label.size() < 2)
            continue;
        hits = hitsOf(index, releasesWith(index, KeyList::catno, tails[i], catnoKind::whole),
                      MatchKind::exact, 1, "catalogue number behind the label's name", keep);
        std::erase_if(hits, [&](const Hit& hit) { return !namesLabel(hit.facts.release, label); });
    }
    return hits;
}

/// Keys one typo away from the beginning of which `wanted` is: those that share its first half.
std::vector<std::uint32_t> runoutsWithTypo(IndexReader& index, std::string_view wanted) {
    std::vector<std::uint32_t> releases;
    const std::string_view half = cutAt(wanted, wanted.size() / 2);
    std::size_t scanned = 0;
    index.eachKey(KeyList::runout, half,
                  [&](std::string_view key, const std::vector<std::uint32_t>& entries) {
                      if (!key.starts_with(half) || ++scanned > maxScannedKeys)
                          return false;
                      if (withinOneTypo(key, wanted, true))
                          for (const std::uint32_t entry : entries)
                              releases.push_back(releaseOf(entry));
                      return releases.size() < maxHits;
                  });
    return releases;
}

} // namespace

std::vector<Hit> hitsOf(IndexReader& index, const std::vector<std::uint32_t>& releases,
                        MatchKind match, int distance, const std::string& why, const Keep& keep) {
    std::vector<Hit> hits;
    std::set<std::uint32_t> taken;
    for (const std::uint32_t release : releases) {
        if (hits.size() == maxHits || taken.size() == maxLookedAt)
            break;
        if (!taken.insert(release).second)
            continue;
        if (auto facts = index.facts(release); facts && (!keep || keep(facts->release)))
            hits.push_back({std::move(*facts), match, distance, why});
    }
    return hits;
}

std::vector<Hit> findByGtin(IndexReader& index, const GtinKeys& keys, const Keep& keep) {
    const std::vector<Gtin> asRead = keys.asRead ? std::vector{*keys.asRead} : std::vector<Gtin>{};
    using namespace barcodeKind;
    const GtinStep steps[] = {
        {&keys.strict, strict, MatchKind::exact, "barcode"},
        {&asRead, wrongCheckDigit, MatchKind::weak,
         "barcode whose check digit is wrong, as the catalogue has it"},
        {&asRead, strict, MatchKind::weak, "barcode as read, though its check digit is wrong"},
        {&keys.strict, wrongCheckDigit, MatchKind::weak, "barcode"},
        {&keys.strict, weak, MatchKind::weak,
         "barcode that the catalogue has incomplete or among other signs"},
        {&keys.weak, strict, MatchKind::weak,
         "barcode with a zero or check digit added, or an add-on cut off"},
        {&keys.weak, weak, MatchKind::weak, "barcode that is incomplete here and in the catalogue"},
    };
    for (const GtinStep& at : steps)
        for (const Gtin gtin : *at.keys)
            if (auto hits = hitsOf(
                    index, releasesWith(index, KeyList::barcode, barcodeKey(gtin.value), at.kind),
                    at.match, 0, at.why, keep);
                !hits.empty())
                return hits;
    return {};
}

std::vector<Hit> findByCatno(IndexReader& index, std::string_view catno, const Keep& keep) {
    const std::string key = foldedKey(catno);
    if (key.empty())
        return {};
    auto hits = hitsOf(index, releasesWith(index, KeyList::catno, key, catnoKind::whole),
                       MatchKind::exact, 0, "catalogue number", keep);
    if (hits.empty())
        hits = behindLabelName(index, catno, key, keep);
    if (hits.empty())
        hits = hitsOf(index, releasesWith(index, KeyList::catno, key, catnoKind::behindLabelName),
                      MatchKind::exact, 1, "catalogue number without the label's name before it",
                      keep);
    if (hits.empty() && key.size() >= shortestPrefix)
        hits = hitsOf(index, releasesBelow(index, KeyList::catno, key), MatchKind::weak, 2,
                      "catalogue number that begins so", keep);
    return hits;
}

std::vector<Hit> findByRunout(IndexReader& index, std::string_view runout, const Keep& keep) {
    const auto tails = foldedTails(runout, maxNumberWords, shortestRunoutPart);
    if (tails.empty() || tails.front().size() < shortestRunoutPart)
        return {};
    auto hits =
        hitsOf(index, releasesWith(index, KeyList::runout, tails.front(), runoutKind::whole),
               MatchKind::exact, 0, "runout", keep);
    for (std::size_t i = 0; i < tails.size() && hits.empty(); ++i)
        hits = hitsOf(index, releasesBelow(index, KeyList::runout, tails[i]),
                      i == 0 ? MatchKind::exact : MatchKind::weak, 1,
                      i == 0 ? "part of the runout"
                             : "runout without what stands before \"" + tails[i] + "\"",
                      keep);
    // Words at the end that the catalogue does not have: a mastering stamp, initials.
    std::string_view shorter = runout;
    for (std::size_t words = 1; words < maxNumberWords && hits.empty(); ++words) {
        const auto blank = shorter.find_last_of(" \t/|,;");
        if (blank == std::string_view::npos)
            break;
        shorter = shorter.substr(0, blank);
        const std::string key = foldedKey(shorter);
        if (key.size() >= shortestFuzzy)
            hits = hitsOf(index, releasesBelow(index, KeyList::runout, key), MatchKind::weak, 2,
                          "runout without what stands at its end", keep);
    }
    if (hits.empty() && tails.front().size() >= shortestFuzzy)
        hits = hitsOf(index, runoutsWithTypo(index, tails.front()), MatchKind::weak, 3,
                      "runout with one sign read differently", keep);
    return hits;
}

} // namespace gatefold::catalogue
