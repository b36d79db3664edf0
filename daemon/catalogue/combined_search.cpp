#include "catalogue/search_keys.hpp"
#include "catalogue/searches.hpp"

#include <algorithm>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t shortestPart = 3;
constexpr std::size_t mostTails = 64; ///< words of one runout

bool hasCatno(const Release& release, const std::string& key) {
    return std::any_of(release.labels.begin(), release.labels.end(), [&](const LabelCatno& label) {
        const std::string own = foldedKey(label.catno);
        return own == key || foldedKey(label.name + label.catno) == key ||
               (std::min(own.size(), key.size()) >= shortestPart &&
                (own.starts_with(key) || own.ends_with(key) || key.ends_with(own)));
    });
}

bool hasRunout(IndexReader& index, ReleaseId id, const std::string& key) {
    const auto release = index.release(id);
    if (!release)
        return false;
    return std::any_of(release->identifiers.begin(), release->identifiers.end(),
                       [&](const Identifier& identifier) {
                           if (identifier.type != IdentifierType::runout)
                               return false;
                           const auto tails = foldedTails(identifier.value, mostTails, 1);
                           return std::any_of(
                               tails.begin(), tails.end(),
                               [&](const std::string& tail) { return tail.starts_with(key); });
                       });
}

} // namespace

std::vector<Hit> findByAll(IndexReader& index, const LookupQuery& query) {
    const std::string catno = foldedKey(query.catno), runout = foldedKey(query.runout);
    const bool by_catno = query.barcode.empty() && !catno.empty();
    const bool by_runout = query.barcode.empty() && !by_catno && !runout.empty();
    const bool by_text = query.barcode.empty() && !by_catno && !by_runout;
    const Keep keep = [&](const Release& release) {
        return (!query.year || release.year == query.year) &&
               (query.country.empty() || pressedFor(release, query.country)) &&
               (by_catno || catno.empty() || hasCatno(release, catno)) &&
               (by_text || query.text.empty() || hasWords(index, release, query.text)) &&
               (by_runout || runout.empty() || hasRunout(index, release.release_id, runout));
    };
    if (by_catno)
        return findByCatno(index, query.catno, keep);
    if (by_runout)
        return findByRunout(index, query.runout, keep);
    if (by_text)
        return findByText(index, query.text, keep);
    return findByGtin(index, query.barcode, keep);
}

} // namespace gatefold::catalogue
