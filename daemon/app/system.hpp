#pragma once

#include "app/catalogue_search.hpp"
#include "ports/backups.hpp"
#include "ports/catalogue_updater.hpp"
#include "ports/clock.hpp"
#include "ports/message_link.hpp"
#include "ports/release_lookup.hpp"
#include "ports/store.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace gatefold {

/// One setting as the page shows it. Secrets are not settings: they never appear here.
struct SettingView {
    std::string key; ///< "mqtt.host"
    std::string value;
    std::string source; ///< "file", "page" or "default"
    bool read_only = true;
    static constexpr auto fields =
        fieldList(field("key", &SettingView::key), field("value", &SettingView::value),
                  field("source", &SettingView::source, "file, page or default"),
                  field("read_only", &SettingView::read_only));
};
struct SettingList {
    std::vector<SettingView> items;
    static constexpr auto fields = fieldList(field("items", &SettingList::items));
};
struct BackupList {
    std::vector<BackupInfo> items;
    static constexpr auto fields = fieldList(field("items", &BackupList::items));
};

/// Numbers for /metrics and the page's footer.
struct BoxState {
    std::string version;
    BoxHealth health;
    CollectionCounts collection;
    OutboxStats outbox;
    LinkStatus mqtt;
    CatalogueInfo catalogue;
};

/// Jobs, backups, the catalogue, settings and the state of the box. Any thread. Backups run one
/// after the other on the thread of run(), updates of the catalogue on that of runUpdates(): no
/// backup waits for hours behind an update.
class System {
public:
    System(UnitOfWork& store, const Clock& clock, Backups& backups, const BoxFacts& facts,
           const ReleaseLookup& catalogue, CatalogueUpdater& updater,
           std::function<LinkStatus()> link_status, std::vector<SettingView> settings);

    /// Works off backups until `stop` is asked for.
    void run(const std::stop_token& stop) { workOff(backup_jobs_, stop); }
    /// Works off updates of the catalogue until `stop` is asked for.
    void runUpdates(const std::stop_token& stop) { workOff(update_jobs_, stop); }
    /// Begins a backup as a job. Throws `conflict` when sixteen jobs wait already.
    Job startBackup();
    /// Begins an update of the offline catalogue as a job. Throws `conflict` when one is at work,
    /// here or in another process, or when sixteen jobs wait already.
    Job updateCatalogue(const CatalogueWish& wish);
    /// Begins one between two and five in the night, once a night. `local_hour`: of now.
    void updateCatalogueAtNight(int local_hour);
    BackupList backups() const;
    /// Running work on the catalogue tells how far it is; that of another process comes first, with
    /// an id that no other job has.
    Page<Job> jobs(const PageRequest& page) const;
    SettingList settings() const;
    BoxState state() const;
    CatalogueInfo catalogue() const;
    /// Ranks what the household owns first, then what was pressed for its country.
    CatalogueAnswer search(const CatalogueQuestion& question) const;

private:
    struct Waiting {
        Job job;
        CatalogueWish wish;
    };
    struct Lane {
        std::deque<Waiting> waiting;
        std::condition_variable_any wake;
    };
    Job begin(Lane& lane, std::string kind, CatalogueWish wish);
    void workOff(Lane& lane, const std::stop_token& stop);
    void work(Waiting waiting, const std::stop_token& stop);
    void takeBackup(Job& job);

    UnitOfWork& store_;
    const Clock& clock_;
    Backups& backups_;
    const BoxFacts& facts_;
    const ReleaseLookup& catalogue_;
    CatalogueUpdater& updater_;
    std::function<LinkStatus()> link_status_;
    std::vector<SettingView> settings_;
    std::mutex mutex_;
    Lane backup_jobs_, update_jobs_;
    bool updating_ = false;
    std::optional<WallTime> last_night_;
};

} // namespace gatefold
