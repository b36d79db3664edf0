#pragma once

#include "app/covers.hpp"
#include "app/online_hits.hpp"
#include "ports/clock.hpp"
#include "ports/online_source.hpp"
#include "ports/release_lookup.hpp"
#include "ports/store.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatefold {

/// The sources that may be asked, in this order. All outlive the use case.
struct OnlineSources {
    std::vector<ReleaseSource*> releases;
    CoverSource* covers = nullptr; ///< or none

    /// The source of releases of that name; null when there is none.
    ReleaseSource* named(std::string_view name) const;
};

/// Asks online sources about what the house could not answer by itself: codes that wait in the
/// inbox, covers of records owned or played, facts whose source lets them be shown for some hours
/// only. What is to be asked follows from the store, so that a restart or a pulled cable loses
/// nothing; a source that cannot answer is left alone until its own time. Never on a scan's path:
/// run() has a thread of its own. Any thread.
class Enrichment {
public:
    Enrichment(UnitOfWork& store, const Clock& clock, const ReleaseLookup& catalogue,
               Covers& covers, OnlineSources sources);

    /// Works whenever woken, and every ten minutes, until `stop` is asked for.
    void run(const std::stop_token& stop);
    /// Something was stored that may need an answer. Returns at once.
    void wake();
    /// One round. True when there is more that could be asked at once.
    bool work(const std::stop_token& stop);

    /// How the sources are; `requests_waiting` counts what the house still wants to ask them, too.
    std::vector<OnlineSourceStatus> sources() const;

private:
    void askForCodes(const std::stop_token& stop);
    void askForCode(ReleaseSource& source, Gtin gtin, const OnlineCall& call);
    std::optional<std::vector<OnlineHit>> keepHits(ReleaseSource& source, Gtin gtin,
                                                   const std::vector<OnlineCandidate>& candidates,
                                                   const OnlineCall& call, WallTime& due_at);
    void refreshFacts(const std::stop_token& stop);
    void refresh(ReleaseSource& source, const Release& release, const OnlineCall& call);
    bool askForCovers(const std::stop_token& stop);
    bool askForCover(ReleaseId id, const OnlineCall& call);
    std::optional<OnlineRelease> namesAt(ReleaseSource& source, const Release& release,
                                         const OnlineCall& call, bool& answered);

    bool mayAsk(const OnlineSource& source) const;
    /// What `question` answers; nothing when the source cannot answer now.
    template <class Question>
    auto asked(const OnlineSource& source, Question question)
        -> std::optional<decltype(question())>;
    void keepAsk(const std::string& subject, std::string_view source, std::string found,
                 WallTime due_at);
    WallTime now() const { return clock_.now().wall; }
    Millis nextLook(bool more) const;

    UnitOfWork& store_;
    const Clock& clock_;
    const ReleaseLookup& catalogue_;
    Covers& covers_;
    OnlineSources sources_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    bool woken_ = true;
    std::map<std::string, WallTime, std::less<>> resting_; ///< sources to be left alone until then
};

} // namespace gatefold
