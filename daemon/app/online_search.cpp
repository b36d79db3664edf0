#include "app/online_search.hpp"

#include "app/online_facts.hpp"
#include "app/online_hits.hpp"
#include "core/error.hpp"
#include "core/retry_later.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t longestText = 512, mostFinds = 20;

/// A stopped question is nothing that a source said.
void passOnStop(const OnlineError& error) {
    if (error.code() == ErrorCode::conflict)
        throw stopping();
}

/// As what sources are asked: they know no runouts, which are words to them.
ReadAs readingOf(const std::string& typed, std::optional<ReadAs> read_as) {
    if (read_as)
        return *read_as == ReadAs::runout ? ReadAs::text : *read_as;
    const auto readings = readingsOf(typed);
    if (readings.empty())
        throw Error(ErrorCode::invalid, "There is nothing to look for in it.", "q");
    const auto askable = std::find_if(readings.begin(), readings.end(),
                                      [](ReadAs each) { return each != ReadAs::runout; });
    return askable == readings.end() ? ReadAs::text : *askable;
}

void add(OnlineAnswer& answer, const ReleaseSource& source, OnlineCandidate candidate) {
    const bool known =
        candidate.release.release_id != 0 &&
        std::any_of(answer.found.begin(), answer.found.end(), [&](const OnlineFind& each) {
            return each.release.release_id == candidate.release.release_id;
        });
    if (!known)
        answer.found.push_back({std::move(candidate.release), std::move(candidate.mbid),
                                attributionOf(source, candidate.origin)});
}

std::string subjectOf(const std::string& mbid) {
    return "mbid:" + mbid;
}

/// The id that a release without a Discogs number got when it was first taken.
std::optional<ReleaseId> takenBefore(const ReadTx& tx, const OnlineChoice& choice) {
    const auto ask =
        choice.mbid ? tx.online.find(subjectOf(*choice.mbid), choice.source) : std::nullopt;
    const auto hits = ask ? hitsOf(*ask) : std::vector<OnlineHit>{};
    return hits.empty() ? std::nullopt : std::optional(hits.front().release_id);
}

} // namespace

OnlineSearch::OnlineSearch(UnitOfWork& store, const ReleaseLookup& catalogue, OnlineSources sources)
    : store_(store), catalogue_(catalogue), sources_(std::move(sources)) {}

OnlineCall OnlineSearch::personsCall() const {
    OnlineCall call;
    call.priority = OnlinePriority::person;
    call.max_wait = Millis(8'000);
    call.stop = stop_.get_token();
    return call;
}

std::vector<OnlineCandidate> OnlineSearch::ask(ReleaseSource& source, const std::string& typed,
                                               ReadAs read_as) const {
    const OnlineCall call = personsCall();
    switch (read_as) {
    case ReadAs::barcode: return source.searchByBarcode(*gtinOf(typed), mostFinds, call);
    case ReadAs::catno: return source.searchByCatno(typed, mostFinds, call);
    default: return source.searchByText(typed, mostFinds, call);
    }
}

/// A token that a source refuses is not the person's who asks: to them the source is unavailable.
std::optional<OnlineRelease> OnlineSearch::releaseAt(ReleaseSource& source,
                                                     const OnlineKey& key) const {
    try {
        return source.release(key, personsCall());
    } catch (const OnlineError& error) {
        passOnStop(error);
        throw Error(ErrorCode::unavailable, error.what());
    }
}

OnlineAnswer OnlineSearch::find(const std::string& typed, std::optional<ReadAs> read_as) const {
    if (typed.size() > longestText)
        throw Error(ErrorCode::invalid, "q is longer than 512 bytes", "q");
    OnlineAnswer answer;
    answer.query = typed;
    answer.read_as = readingOf(typed, read_as);
    if (answer.read_as == ReadAs::barcode && !gtinOf(typed))
        throw Error(ErrorCode::invalid, "That is no barcode: its check digit does not fit.", "q");
    for (ReleaseSource* source : sources_.releases) {
        const OnlineSourceStatus status = source->status();
        if (status.state == OnlineState::off)
            continue;
        try {
            for (OnlineCandidate& candidate : ask(*source, typed, answer.read_as))
                add(answer, *source, std::move(candidate));
        } catch (const OnlineError& error) {
            passOnStop(error);
            answer.silent.push_back({status.name, error.what()});
        }
    }
    return answer;
}

Release OnlineSearch::take(const OnlineChoice& choice, const WriteCheck& check) {
    ReleaseSource* source = sources_.named(choice.source);
    if (source == nullptr)
        throw Error(ErrorCode::invalid, "There is no such source.", "source");
    OnlineKey key;
    if (choice.release_id)
        key.discogs_id = *choice.release_id;
    if (choice.mbid)
        key.mbid = *choice.mbid;
    auto said = releaseAt(*source, key);
    if (!said)
        throw Error(ErrorCode::invalid, "The source does not know this release.", "release_id");
    Release release = std::move(said->release);
    if (release.release_id == 0 && choice.release_id)
        release.release_id = *choice.release_id;
    release.attribution = attributionOf(*source, said->origin);
    return store_.write([&](Tx& tx) {
        check(tx.reading());
        const ReleaseId id =
            keepFacts(tx, catalogue_, std::move(release), takenBefore(tx.reading(), choice));
        if (choice.mbid)
            tx.online.keep(
                subjectOf(*choice.mbid),
                {choice.source,
                 json::write(std::vector<OnlineHit>{{id, MatchKind::exact, choice.mbid}}),
                 WallTime::max()});
        return *tx.releases.find(id);
    });
}

} // namespace gatefold
