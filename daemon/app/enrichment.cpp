#include "app/enrichment.hpp"

#include "app/inbox.hpp"
#include "app/online_facts.hpp"
#include "core/error.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace gatefold {

namespace {

using namespace std::chrono_literals;

constexpr auto lookEvery = 10min;
/// Scans come in bursts: what they leave is asked for together.
constexpr auto gather = 2s;
/// A source that says no time is left alone so long.
constexpr auto usualRest = 10min;
/// A record that a source did not know today may be there in some days.
constexpr auto askCodeAgain = 24h * 7, askCoverAgain = 24h * 30, askFactsAgain = 24h;
/// Facts are asked for anew before their time is over, so that they do not vanish while the box has
/// internet.
constexpr auto refreshAhead = 30min;
constexpr int mostCodes = 100, mostReleases = 20;
constexpr std::size_t maxSourceHits = 10, mostHits = 5;

std::string coverSubject(ReleaseId id) {
    return "cover:" + std::to_string(id);
}
std::string factsSubject(ReleaseId id) {
    return "facts:" + std::to_string(id);
}

std::optional<Gtin> barcodeOf(const Release& release) {
    for (const Identifier& identifier : release.identifiers)
        if (identifier.type == IdentifierType::barcode)
            if (const auto gtin = gtinOf(identifier.value))
                return gtin;
    return std::nullopt;
}

/// The exact hits, else the first weak ones.
std::vector<OnlineCandidate> bestOf(std::vector<OnlineCandidate> candidates) {
    const auto weak = std::stable_partition(
        candidates.begin(), candidates.end(),
        [](const OnlineCandidate& each) { return each.release.match == MatchKind::exact; });
    if (weak != candidates.begin())
        candidates.erase(weak, candidates.end());
    if (candidates.size() > mostHits)
        candidates.resize(mostHits);
    return candidates;
}

std::optional<ReleaseId> knownBefore(const std::vector<OnlineHit>& hits,
                                     const std::optional<std::string>& mbid) {
    for (const OnlineHit& hit : hits)
        if (mbid && hit.mbid && *hit.mbid == *mbid)
            return hit.release_id;
    return std::nullopt;
}

} // namespace

ReleaseSource* OnlineSources::named(std::string_view name) const {
    for (ReleaseSource* each : releases)
        if (each->name() == name)
            return each;
    return nullptr;
}

Enrichment::Enrichment(UnitOfWork& store, const Clock& clock, const ReleaseLookup& catalogue,
                       Covers& covers, OnlineSources sources)
    : store_(store),
      clock_(clock),
      catalogue_(catalogue),
      covers_(covers),
      sources_(std::move(sources)) {}

// --- Sources

bool Enrichment::mayAsk(const OnlineSource& source) const {
    const OnlineSourceStatus status = source.status();
    if (status.state == OnlineState::off)
        return false;
    // Without a token there is nothing to ask with; a refusal is over when its source says so.
    if (status.state == OnlineState::unauthorised && (!status.until || *status.until > now()))
        return false;
    const std::scoped_lock lock(mutex_);
    const auto rest = resting_.find(source.name());
    return rest == resting_.end() || rest->second <= now();
}

template <class Question>
auto Enrichment::asked(const OnlineSource& source, Question question)
    -> std::optional<decltype(question())> {
    if (!mayAsk(source))
        return std::nullopt;
    try {
        return question();
    } catch (const OnlineError& error) {
        if (error.code() == ErrorCode::invalid)
            return decltype(question()){}; // no answer will ever come to this question
        const std::scoped_lock lock(mutex_);
        resting_[std::string(source.name())] = error.retryAt().value_or(now() + usualRest);
        return std::nullopt;
    }
}

void Enrichment::keepAsk(const std::string& subject, std::string_view source, std::string found,
                         WallTime due_at) {
    store_.write([&](Tx& tx) {
        tx.online.keep(subject, {std::string(source), std::move(found), due_at});
    });
}

// --- Codes that nobody knows

namespace {

/// GTINs of open inbox items without a candidate of our own, newest first.
std::vector<Gtin> openCodes(const ReadTx& tx) {
    std::vector<Gtin> codes;
    for (const InboxRow& row : tx.inbox.open({mostCodes, {}}).items) {
        const auto gtin = row.kind == InboxKind::unknown ? gtinOf(row.code) : std::nullopt;
        if (gtin && std::find(codes.begin(), codes.end(), *gtin) == codes.end())
            codes.push_back(*gtin);
    }
    return codes;
}

/// Open pages look again at what waits for this code.
void tellItemsOf(Tx& tx, Gtin gtin, WallTime now) {
    for (const InboxRow& row : tx.inbox.open({mostCodes, {}}).items)
        if (row.kind == InboxKind::unknown && gtinOf(row.code) == gtin)
            tellInbox(tx, row.id, now);
}

bool isDue(const ReadTx& tx, const std::string& subject, std::string_view source, WallTime now) {
    const auto ask = tx.online.find(subject, source);
    return !ask || ask->due_at <= now;
}

} // namespace

void Enrichment::askForCodes(const std::stop_token& stop) {
    OnlineCall call;
    call.stop = stop;
    const auto codes = store_.read([](const ReadTx& tx) { return openCodes(tx); });
    for (const Gtin gtin : codes)
        for (ReleaseSource* source : sources_.releases) {
            if (stop.stop_requested())
                return;
            const bool due = store_.read([&](const ReadTx& tx) {
                return isDue(tx, codeSubject(gtin), source->name(), now());
            });
            if (due)
                askForCode(*source, gtin, call);
        }
}

void Enrichment::askForCode(ReleaseSource& source, Gtin gtin, const OnlineCall& call) {
    auto found = asked(source, [&] { return source.searchByBarcode(gtin, maxSourceHits, call); });
    if (!found)
        return;
    WallTime due_at = now() + askCodeAgain;
    const auto hits = keepHits(source, gtin, bestOf(*std::move(found)), call, due_at);
    if (!hits)
        return;
    store_.write([&](Tx& tx) {
        tx.online.keep(codeSubject(gtin), {std::string(source.name()), json::write(*hits), due_at});
        if (!hits->empty())
            tellItemsOf(tx, gtin, now());
    });
}

/// Nothing when the source stopped answering half-way: then the whole code is asked again.
std::optional<std::vector<OnlineHit>>
Enrichment::keepHits(ReleaseSource& source, Gtin gtin,
                     const std::vector<OnlineCandidate>& candidates, const OnlineCall& call,
                     WallTime& due_at) {
    const auto before = store_.read([&](const ReadTx& tx) {
        const auto ask = tx.online.find(codeSubject(gtin), source.name());
        return ask ? hitsOf(*ask) : std::vector<OnlineHit>{};
    });
    std::vector<OnlineHit> hits;
    for (const OnlineCandidate& candidate : candidates) {
        const OnlineKey key{discogsNumber(candidate.release.release_id), candidate.mbid};
        const auto answer = asked(source, [&] { return source.release(key, call); });
        if (!answer)
            return std::nullopt;
        Release release = *answer ? (*answer)->release : releaseOf(candidate.release);
        if (release.release_id == 0)
            release.release_id = candidate.release.release_id;
        const OnlineOrigin& origin = *answer ? (*answer)->origin : candidate.origin;
        release.attribution = attributionOf(source, origin);
        if (origin.show_until)
            due_at = std::min(due_at, *origin.show_until);
        const ReleaseId id = store_.write([&](Tx& tx) {
            return keepFacts(tx, catalogue_, std::move(release),
                             knownBefore(before, candidate.mbid));
        });
        hits.push_back({id, candidate.release.match, candidate.mbid});
    }
    return hits;
}

// --- Facts that may be shown for some hours only

void Enrichment::refreshFacts(const std::stop_token& stop) {
    OnlineCall call;
    call.stop = stop;
    call.refresh = true;
    const auto ending = store_.read([&](const ReadTx& tx) {
        return tx.online.factsEnding(now() + refreshAhead, mostReleases);
    });
    for (const ReleaseId id : ending) {
        if (stop.stop_requested())
            return;
        const auto release = store_.read([&](const ReadTx& tx) { return tx.releases.find(id); });
        if (!release || !release->attribution)
            continue;
        if (inDump(catalogue_, id))
            store_.write([&](Tx& tx) { keepFacts(tx, catalogue_, *release, id); });
        else if (ReleaseSource* source = sources_.named(release->attribution->source))
            refresh(*source, *release, call);
    }
}

void Enrichment::refresh(ReleaseSource& source, const Release& release, const OnlineCall& call) {
    const OnlineKey key{discogsNumber(release.release_id), std::nullopt};
    auto answer = asked(source, [&] { return source.release(key, call); });
    if (!answer)
        return;
    if (!*answer) { // it is gone there: asked again another day, not shown until then
        keepAsk(factsSubject(release.release_id), source.name(), "null", now() + askFactsAgain);
        return;
    }
    Release fresh = std::move((*answer)->release);
    fresh.release_id = release.release_id;
    fresh.attribution = attributionOf(source, (*answer)->origin);
    // Others may have stored better facts while the source was asked.
    store_.write([&](Tx& tx) { keepFacts(tx, catalogue_, std::move(fresh), std::nullopt); });
}

// --- Covers

bool Enrichment::askForCovers(const std::stop_token& stop) {
    if (!sources_.covers || !mayAsk(*sources_.covers))
        return false;
    OnlineCall call;
    call.stop = stop;
    const auto due =
        store_.read([&](const ReadTx& tx) { return tx.online.coversDue(now(), mostReleases); });
    for (const ReleaseId id : due)
        if (stop.stop_requested() || !askForCover(id, call))
            return false;
    return std::ssize(due) == mostReleases;
}

/// What MusicBrainz calls the release, by its Discogs number or else its barcode.
std::optional<OnlineRelease> Enrichment::namesAt(ReleaseSource& source, const Release& release,
                                                 const OnlineCall& call, bool& answered) {
    answered = true;
    if (const auto number = discogsNumber(release.release_id)) {
        auto found = asked(source, [&] { return source.release({number, std::nullopt}, call); });
        answered = found.has_value();
        if (!answered || *found)
            return answered ? *std::move(found) : std::nullopt;
    }
    const auto gtin = barcodeOf(release);
    if (!gtin)
        return std::nullopt;
    const auto hits = asked(source, [&] { return source.searchByBarcode(*gtin, mostHits, call); });
    answered = hits.has_value();
    if (!answered || hits->empty() || hits->front().release.match != MatchKind::exact)
        return std::nullopt;
    OnlineRelease names;
    names.mbid = hits->front().mbid;
    names.master_mbid = hits->front().master_mbid;
    return names;
}

/// False when a source cannot answer now: then the others would not get further either.
bool Enrichment::askForCover(ReleaseId id, const OnlineCall& call) {
    ReleaseSource* names = sources_.named("musicbrainz");
    const auto release = store_.read([&](const ReadTx& tx) { return tx.releases.find(id); });
    if (!names || !release)
        return false;
    bool answered = true;
    const auto known = namesAt(*names, *release, call, answered);
    if (!answered)
        return false;
    const auto none = [&] {
        keepAsk(coverSubject(id), sources_.covers->name(), "null", now() + askCoverAgain);
        return true;
    };
    if (!known || (!known->mbid && !known->master_mbid))
        return none();
    const auto cover = asked(*sources_.covers, [&] {
        return sources_.covers->frontCover(known->mbid, known->master_mbid, CoverSize::large, call);
    });
    if (!cover)
        return false;
    if (!*cover)
        return none();
    try {
        covers_.setOfRelease(id, (*cover)->bytes, sources_.covers->name(),
                             (*cover)->origin.show_until);
        return true;
    } catch (const Error& error) {
        if (error.code() == ErrorCode::malformed || error.code() == ErrorCode::tooLarge)
            return none(); // a picture that cannot be read will not be readable tomorrow
        return false;      // the disk, or the image reader: later
    }
}

// --- The worker

bool Enrichment::work(const std::stop_token& stop) {
    askForCodes(stop);
    refreshFacts(stop);
    return askForCovers(stop);
}

void Enrichment::wake() {
    {
        const std::scoped_lock lock(mutex_);
        woken_ = true;
    }
    wake_.notify_all();
}

Millis Enrichment::nextLook(bool more) const {
    if (more)
        return Millis(0);
    Millis wait = lookEvery;
    for (const auto& [source, until] : resting_)
        if (until > now())
            wait = std::min<Millis>(wait, until - now());
    return wait;
}

void Enrichment::run(const std::stop_token& stop) {
    bool more = false;
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait_for(lock, stop, nextLook(more), [this] { return woken_; });
            wake_.wait_for(lock, stop, gather, [] { return false; });
            woken_ = false;
        }
        if (stop.stop_requested())
            return;
        try {
            more = work(stop);
        } catch (const Error&) {
            more = false; // the store cannot be written now: nothing is forgotten
        }
    }
}

std::vector<OnlineSourceStatus> Enrichment::sources() const {
    std::vector<OnlineSourceStatus> all;
    store_.read([&](const ReadTx& tx) {
        const auto codes = openCodes(tx);
        for (const ReleaseSource* source : sources_.releases) {
            all.push_back(source->status());
            if (all.back().state != OnlineState::off)
                all.back().requests_waiting +=
                    std::count_if(codes.begin(), codes.end(), [&](Gtin gtin) {
                        return isDue(tx, codeSubject(gtin), source->name(), now());
                    });
        }
        if (sources_.covers) {
            all.push_back(sources_.covers->status());
            if (all.back().state != OnlineState::off)
                all.back().requests_waiting += std::ssize(tx.online.coversDue(now(), 10'000));
        }
    });
    return all;
}

} // namespace gatefold
