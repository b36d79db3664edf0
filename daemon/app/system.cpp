#include "app/system.hpp"

#include "core/error.hpp"
#include "core/stoppable_sleep.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>

namespace gatefold {

namespace {

constexpr std::size_t mostWaiting = 16;
constexpr const char* backupKind = "backup";
constexpr const char* updateKind = "catalogue_update";
constexpr Millis firstPause{50}, maxPause{30'000};
constexpr std::chrono::hours wholeNight{12};

/// Runs `body` to its end on a thread of its own; what it throws comes through.
template <class Body>
void onOwnThread(Body body) {
    std::exception_ptr failure;
    std::jthread([&]() noexcept {
        try {
            body();
        } catch (...) {
            failure = std::current_exception();
        }
    }).join();
    if (failure)
        std::rethrow_exception(failure);
}

/// Writes the end of a job until the store takes it: one that is busy, or a full disk, does not
/// lose it. After a stop the next start calls the job failed.
void keepEnd(UnitOfWork& store, const Job& job, const std::stop_token& stop) {
    for (Millis pause = firstPause;; pause = std::min(pause * 2, maxPause)) {
        try {
            store.write([&](Tx& tx) {
                tx.jobs.save(job);
                if (job.state == "failed" && job.kind == backupKind)
                    tx.events.append(
                        {LogRow::Kind::event, "backup_failed", "",
                         R"({"detail":"A backup failed or lacks photos; see the box's page."})",
                         "system"},
                        *job.ended_at);
            });
            return;
        } catch (const Error&) {
            if (sleepUnlessStopped(stop, pause))
                return;
        }
    }
}

void showProgress(Job& job, const CatalogueProgress& progress) {
    job.progress = progress.share;
    job.bytes_per_s = progress.bytes_per_s;
    job.seconds_left = progress.seconds_left;
    job.message = progress.phase == CataloguePhase::download
                      ? "fetching the dump"
                      : "building: " + std::to_string(progress.releases) + " releases read";
}

} // namespace

System::System(UnitOfWork& store, const Clock& clock, Backups& backups, const BoxFacts& facts,
               const ReleaseLookup& catalogue, CatalogueUpdater& updater,
               std::function<LinkStatus()> link_status, std::vector<SettingView> settings)
    : store_(store),
      clock_(clock),
      backups_(backups),
      facts_(facts),
      catalogue_(catalogue),
      updater_(updater),
      link_status_(std::move(link_status)),
      settings_(std::move(settings)) {}

void System::workOff(Lane& lane, const std::stop_token& stop) {
    for (;;) {
        Waiting next;
        {
            std::unique_lock lock(mutex_);
            if (!lane.wake.wait(lock, stop, [&lane] { return !lane.waiting.empty(); }))
                return;
            next = lane.waiting.front();
            lane.waiting.pop_front();
        }
        work(std::move(next), stop);
    }
}

/// One that lacks photos is there, but has failed: somebody has to look.
void System::takeBackup(Job& job) {
    const MadeBackup made = backups_.backup("");
    job.message = made.info.file;
    if (made.lost_photos.empty())
        return;
    job.state = "failed";
    job.message += " was made. " + lossInWords(made);
}

void System::work(Waiting waiting, const std::stop_token& stop) {
    Job& job = waiting.job;
    const bool update = job.kind == updateKind;
    job.state = "done";
    try {
        // An update lowers its thread's priority for good: it gets one of its own.
        if (update)
            onOwnThread([&] { job.message = updater_.update(waiting.wish, stop); });
        else
            takeBackup(job);
    } catch (const std::exception& error) {
        job.state = "failed";
        job.message = error.what();
    }
    job.progress = 1;
    job.ended_at = clock_.now().wall;
    keepEnd(store_, job, stop);
    if (update) {
        const std::scoped_lock lock(mutex_);
        updating_ = false;
    }
}

Job System::begin(Lane& lane, std::string kind, CatalogueWish wish) {
    if (lane.waiting.size() >= mostWaiting)
        throw Error(ErrorCode::conflict, "Too many jobs wait already.");
    Job job{{}, std::move(kind), "running", 0, "", clock_.now().wall, {}};
    job.id = store_.write([&](Tx& tx) { return tx.jobs.insert(job); });
    lane.waiting.push_back({job, std::move(wish)});
    lane.wake.notify_all();
    return job;
}

Job System::startBackup() {
    const std::scoped_lock lock(mutex_);
    return begin(backup_jobs_, backupKind, {});
}

Job System::updateCatalogue(const CatalogueWish& wish) {
    const std::scoped_lock lock(mutex_);
    if (updating_ || catalogue_.info().in_work)
        throw Error(ErrorCode::conflict, "A new catalogue is in work already.");
    Job job = begin(update_jobs_, updateKind, wish);
    updating_ = true;
    return job;
}

void System::updateCatalogueAtNight(int local_hour) {
    const WallTime now = clock_.now().wall;
    if (local_hour < 2 || local_hour >= 5 || (last_night_ && now - *last_night_ < wholeNight))
        return;
    last_night_ = now;
    try {
        updateCatalogue({});
    } catch (const Error&) {
        return; // one is at work: that is as good
    }
}

CatalogueInfo System::catalogue() const {
    CatalogueInfo info = catalogue_.info();
    for (const Job& job : jobs({}).items) {
        if (job.kind != updateKind || job.state == "running")
            continue;
        if (job.state == "failed")
            info.last_error = job.message;
        break;
    }
    return info;
}

CatalogueAnswer System::search(const CatalogueQuestion& question) const {
    return store_.read([&](const ReadTx& tx) {
        return askCatalogue(catalogue_, question,
                            {tx.settings.get("household.country"),
                             [&tx](ReleaseId id) { return !tx.copies.ofRelease(id).empty(); }});
    });
}

BackupList System::backups() const {
    return {backups_.list()};
}

Page<Job> System::jobs(const PageRequest& page) const {
    Page<Job> jobs = store_.read([&](const ReadTx& tx) { return tx.jobs.list(page); });
    const auto progress = catalogue_.info().in_work;
    if (!progress)
        return jobs;
    const auto own = std::find_if(jobs.items.begin(), jobs.items.end(), [](const Job& job) {
        return job.kind == updateKind && job.state == "running";
    });
    if (own != jobs.items.end()) {
        showProgress(*own, *progress);
    } else if (page.cursor.empty()) {
        Job foreign{{}, "catalogue_build", "running", 0, "", clock_.now().wall, {}};
        showProgress(foreign, *progress);
        jobs.items.insert(jobs.items.begin(), foreign);
    }
    return jobs;
}

SettingList System::settings() const {
    return {settings_};
}

BoxState System::state() const {
    const Now now = clock_.now();
    BoxState state{facts_.version(), facts_.health(), {}, {}, link_status_(), catalogue_.info()};
    store_.read([&](const ReadTx& tx) {
        state.collection = tx.copies.counts(now.wall);
        state.outbox = tx.outbox.stats("mqtt", now.wall);
    });
    return state;
}

} // namespace gatefold
