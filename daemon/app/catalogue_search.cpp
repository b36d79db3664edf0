#include "app/catalogue_search.hpp"

#include "core/error.hpp"
#include "core/pressing_facts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t maxQuestionBytes = 512;

using Key = std::pair<const char*, std::string CatalogueQuestion::*>;
constexpr std::array<Key, 6> texts{{{"q", &CatalogueQuestion::q},
                                    {"barcode", &CatalogueQuestion::barcode},
                                    {"catno", &CatalogueQuestion::catno},
                                    {"runout", &CatalogueQuestion::runout},
                                    {"text", &CatalogueQuestion::text},
                                    {"country", &CatalogueQuestion::country}}};
constexpr std::array<std::pair<ReadAs, std::string CatalogueQuestion::*>, 4> keys{
    {{ReadAs::barcode, &CatalogueQuestion::barcode},
     {ReadAs::catno, &CatalogueQuestion::catno},
     {ReadAs::runout, &CatalogueQuestion::runout},
     {ReadAs::text, &CatalogueQuestion::text}}};

void check(const CatalogueQuestion& question) {
    for (const auto& [name, member] : texts)
        if ((question.*member).size() > maxQuestionBytes)
            throw Error(ErrorCode::invalid, std::string(name) + " is longer than 512 bytes", name);
    const bool explicit_key = std::any_of(
        keys.begin(), keys.end(), [&](const auto& key) { return !(question.*key.second).empty(); });
    if (question.q.empty() == !explicit_key)
        throw Error(ErrorCode::invalid,
                    "Ask for q, or for one or more of barcode, catno, runout and text.");
}

LookupQuery queryOf(const CatalogueQuestion& question) {
    LookupQuery query;
    query.barcode = gtinKeysOfScan(question.barcode);
    query.catno = question.catno;
    query.runout = question.runout;
    query.text = question.text;
    query.country = question.country;
    query.year = question.year;
    return query;
}

/// `q` taken as what it may be meant.
CatalogueQuestion readAs(const CatalogueQuestion& question, ReadAs reading) {
    CatalogueQuestion out = question;
    out.q.clear();
    for (const auto& [kind, member] : keys)
        if (kind == reading)
            out.*member = question.q;
    return out;
}

bool isExact(const std::vector<Candidate>& found) {
    return !found.empty() && found.front().match == MatchKind::exact;
}

/// Tries every reading; the first exact one answers, else the first one with anything.
void answerTyped(const ReleaseLookup& lookup, const CatalogueQuestion& question, const RankBy& rank,
                 CatalogueAnswer& answer) {
    const auto readings = readingsOf(question.q);
    if (!readings.empty())
        answer.read_as = readings.front();
    for (const ReadAs reading : readings) {
        auto found = lookup.find(queryOf(readAs(question, reading)), rank, question.limit);
        if (found.empty())
            continue;
        const bool better = isExact(found) && !isExact(answer.releases);
        if (answer.releases.empty() || better) {
            answer.also.clear();
            answer.read_as = reading;
            answer.releases = std::move(found);
        } else if (isExact(found)) {
            answer.also.push_back(reading);
        }
    }
}

void addDetails(const ReleaseLookup& lookup, std::vector<Candidate>& candidates) {
    for (Candidate& candidate : candidates) {
        const auto release = lookup.release(candidate.release_id);
        if (!release)
            continue;
        candidate.runouts = runoutsOf(release->identifiers);
        candidate.tracks = static_cast<int>(
            std::count_if(release->tracklist.begin(), release->tracklist.end(),
                          [](const Track& track) { return !track.position.empty(); }));
    }
}

} // namespace

CatalogueAnswer askCatalogue(const ReleaseLookup& lookup, const CatalogueQuestion& question,
                             const RankBy& rank) {
    check(question);
    CatalogueAnswer answer;
    if (!question.q.empty()) {
        answer.query = question.q;
        answerTyped(lookup, question, rank, answer);
    } else {
        const LookupQuery query = queryOf(question);
        for (const auto& [reading, member] : keys) {
            if ((question.*member).empty())
                continue;
            if (!answer.read_as)
                answer.read_as = reading;
            answer.query += (answer.query.empty() ? "" : " ") + question.*member;
        }
        // What is no barcode has no keys: then nothing fits all that was asked for.
        if (question.barcode.empty() || !query.barcode.empty())
            answer.releases = lookup.find(query, rank, question.limit);
    }
    const auto gtin = gtinKeysOfScan(question.barcode.empty() ? question.q : question.barcode);
    if (answer.read_as == ReadAs::barcode && !gtin.strict.empty())
        answer.gtin = gtin.strict.front().text();
    addDetails(lookup, answer.releases);
    return answer;
}

} // namespace gatefold
