#include "app/system.hpp"

#include "core/error.hpp"
#include <utility>

namespace gatefold {

namespace {
constexpr std::size_t mostWaiting = 16;
}

System::System(UnitOfWork& store, const Clock& clock, Backups& backups, const BoxFacts& facts,
               const ReleaseLookup& catalogue, std::function<LinkStatus()> link_status,
               std::vector<SettingView> settings)
    : store_(store),
      clock_(clock),
      backups_(backups),
      facts_(facts),
      catalogue_(catalogue),
      link_status_(std::move(link_status)),
      settings_(std::move(settings)) {}

void System::run(std::stop_token stop) {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); }))
                return;
            job = waiting_.front();
            waiting_.pop_front();
        }
        work(job);
    }
}

void System::work(Job job) {
    job.state = "done";
    try {
        const BackupInfo made = backups_.backup("");
        job.message = made.file;
    } catch (const Error& error) {
        job.state = "failed";
        job.message = error.message();
    }
    job.progress = 1;
    const Now now = clock_.now();
    job.ended_at = now.wall;
    store_.write([&](Tx& tx) {
        tx.jobs.save(job);
        if (job.state == "failed")
            tx.events.append({LogRow::Kind::event, "backup_failed", "",
                              R"({"detail":"A backup failed; see the box's page."})", "system"},
                             now.wall);
    });
}

Job System::startBackup() {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= mostWaiting)
        throw Error(ErrorCode::conflict, "Too many jobs wait already.");
    Job job{{}, "backup", "running", 0, "", clock_.now().wall, {}};
    job.id = store_.write([&](Tx& tx) { return tx.jobs.insert(job); });
    waiting_.push_back(job);
    wake_.notify_all();
    return job;
}

BackupList System::backups() const {
    return {backups_.list()};
}

Page<Job> System::jobs(const PageRequest& page) const {
    return store_.read([&](const ReadTx& tx) { return tx.jobs.list(page); });
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
