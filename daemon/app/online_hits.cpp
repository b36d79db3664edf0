#include "app/online_hits.hpp"

#include "core/pressing_facts.hpp"
#include "core/text.hpp"
#include "json/read.hpp"

#include <algorithm>

namespace gatefold {

namespace {

bool lists(const InboxItem& item, ReleaseId id) {
    return std::any_of(item.candidates.begin(), item.candidates.end(),
                       [&](const Candidate& each) { return each.release_id == id; });
}

bool namesSource(const InboxItem& item, const std::string& source) {
    return std::any_of(item.attributions.begin(), item.attributions.end(),
                       [&](const Attribution& each) { return each.source == source; });
}

} // namespace

std::optional<Gtin> gtinOf(const std::string& code) {
    const GtinKeys keys = gtinKeysOfScan(trimmed(code));
    return keys.strict.empty() ? std::nullopt : std::optional(keys.strict.front());
}

std::string codeSubject(Gtin gtin) {
    return "code:" + gtin.text();
}

std::vector<OnlineHit> hitsOf(const OnlineAsk& ask) {
    return json::read<std::vector<OnlineHit>>(json::parse(ask.found));
}

void addOnlineCandidates(const ReadTx& tx, const std::string& code, WallTime now, InboxItem& item) {
    const auto gtin = gtinOf(code);
    if (!gtin)
        return;
    for (const OnlineAsk& ask : tx.online.of(codeSubject(*gtin)))
        for (const OnlineHit& hit : hitsOf(ask)) {
            const auto release = tx.releases.find(hit.release_id);
            if (!release || lists(item, hit.release_id))
                continue;
            const auto& said = release->attribution;
            if (said && said->show_until && *said->show_until <= now)
                continue;
            item.candidates.push_back(candidateOf(*release, hit.match, "found online"));
            if (said && !namesSource(item, said->source))
                item.attributions.push_back(*said);
        }
    std::stable_partition(item.candidates.begin(), item.candidates.end(),
                          [](const Candidate& each) { return each.match == MatchKind::exact; });
}

} // namespace gatefold
