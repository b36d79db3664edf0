// Jobs of the box: updates of the catalogue and backups, with a real store.
#include "app/system.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

/// Holds each update until it is let go.
class SlowUpdater final : public CatalogueUpdater {
public:
    std::string update(const CatalogueWish&, const std::stop_token& stop) override {
        std::unique_lock lock(mutex_);
        ++begun_;
        changed_.notify_all();
        if (!changed_.wait(lock, stop, [&] { return ended_ < let_go_; }))
            throw Error(ErrorCode::conflict, "stopped");
        ++ended_;
        if (!refusal.empty())
            throw Error(ErrorCode::unavailable, refusal);
        return "discogs_20260801_releases.xml.gz: 7 releases in use";
    }
    void waitUntilBegun(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return begun_ >= count; });
    }
    void letGo() {
        const std::lock_guard lock(mutex_);
        ++let_go_;
        changed_.notify_all();
    }
    std::string refusal;

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    int begun_ = 0, ended_ = 0, let_go_ = 0;
};

class QuickBackups final : public Backups {
public:
    MadeBackup backup(const std::string&) override {
        during();
        return {{"a-backup.db", 1, "", 1, 0, 0, 0}, lost_photos};
    }
    std::vector<BackupInfo> list() const override { return {}; }
    std::function<void()> during = [] {};
    std::vector<std::string> lost_photos;
};

/// The store, busy for as many writes as it is told.
class BusyStore final : public UnitOfWork {
public:
    explicit BusyStore(UnitOfWork& store) : store_(store) {}
    std::atomic<int> busy_writes{0};

protected:
    void runWrite(const std::function<void(Tx&)>& body) override {
        if (busy_writes > 0) {
            --busy_writes;
            throw Error(ErrorCode::unavailable, "Another program holds the database; try again.");
        }
        store_.write(body);
    }
    void runRead(const std::function<void(const ReadTx&)>& body) const override {
        store_.read(body);
    }

private:
    UnitOfWork& store_;
};

class NoFacts final : public BoxFacts {
public:
    BoxHealth health() const override { return {}; }
    std::string version() const override { return "0"; }
    std::string bootId() const override { return "boot"; }
    std::string baseUrl() const override { return "http://box"; }
    std::string cover(std::string_view) const override { return ""; }
};

struct Box {
    std::vector<Job> jobs() const { return system.jobs({}).items; }
    /// Waits for the newest job of a kind to be in a state.
    Job waitFor(const std::string& kind, const std::string& state) const {
        for (;;) {
            for (const Job& job : jobs())
                if (job.kind == kind) {
                    if (job.state == state)
                        return job;
                    break;
                }
            std::this_thread::sleep_for(5ms);
        }
    }

    TempFolder folder;
    FakeClock clock;
    std::unique_ptr<RealStore> store = openStore(folder.path(), clock);
    BusyStore writes{store->unitOfWork()};
    QuickBackups backups;
    NoFacts facts;
    FakeCatalogue catalogue;
    SlowUpdater updater;
    System system{writes, clock, backups, facts, catalogue, updater, [] { return LinkStatus{}; },
                  {}};
    std::jthread backing_up{[this](const std::stop_token& stop) { system.run(stop); }};
    std::jthread updating{[this](const std::stop_token& stop) { system.runUpdates(stop); }};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_backup_does_not_wait_for_an_update) {
    Box box;
    box.system.updateCatalogue({});
    box.updater.waitUntilBegun(1);
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "done").message == "a-backup.db");
    BOOST_TEST(box.waitFor("catalogue_update", "running").ended_at.has_value() == false);
    box.updater.letGo();
    BOOST_TEST(box.waitFor("catalogue_update", "done").message ==
               "discogs_20260801_releases.xml.gz: 7 releases in use");
}

BOOST_AUTO_TEST_CASE(a_store_that_is_busy_when_a_job_ends_loses_neither_the_job_nor_its_thread) {
    Box box;
    box.backups.during = [&] { box.writes.busy_writes = 2; };
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "done").message == "a-backup.db");
    BOOST_TEST(box.writes.busy_writes == 0);
}

BOOST_AUTO_TEST_CASE(a_job_that_fails_says_why_and_the_next_one_runs) {
    Box box;
    box.backups.during = [] { throw Error(ErrorCode::unavailable, "Another program has it."); };
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "failed").message == "Another program has it.");
    box.backups.during = [] { throw std::runtime_error("what nobody thought of"); };
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "failed").message == "what nobody thought of");
    box.backups.during = [] {};
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "done").message == "a-backup.db");
}

BOOST_AUTO_TEST_CASE(a_backup_that_lacks_photos_is_told_as_a_failure) {
    Box box;
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
        box.backups.lost_photos.emplace_back(name);
    box.system.startBackup();
    BOOST_TEST(box.waitFor("backup", "failed").message ==
               "a-backup.db was made. Photos of covers cannot be read and are not in this backup: "
               "a, b, c, d, e and 2 more, which the log names.");
    const auto events = box.writes.read([](const ReadTx& tx) { return tx.events.after(0, 100); });
    BOOST_TEST(events.back().name == "backup_failed");
}

BOOST_AUTO_TEST_CASE(one_update_at_a_time) {
    Box box;
    box.system.updateCatalogue({});
    BOOST_CHECK_THROW(box.system.updateCatalogue({}), Error);
    box.updater.letGo();
    box.waitFor("catalogue_update", "done");
}

BOOST_AUTO_TEST_CASE(a_failed_update_is_told_until_one_goes_well) {
    Box box;
    box.updater.refusal = "The store of dumps answered with status 500.";
    box.system.updateCatalogue({});
    box.updater.letGo();
    BOOST_TEST(box.waitFor("catalogue_update", "failed").message ==
               "The store of dumps answered with status 500.");
    BOOST_TEST(box.system.catalogue().last_error.value() ==
               "The store of dumps answered with status 500.");
}

BOOST_AUTO_TEST_CASE(at_night_one_update_begins_between_two_and_five) {
    Box box;
    for (const int hour : {0, 1, 5, 12, 23}) {
        box.system.updateCatalogueAtNight(hour);
        box.clock.advance(1h);
    }
    BOOST_TEST(box.jobs().empty());
    box.system.updateCatalogueAtNight(2);
    BOOST_TEST(box.jobs().size() == 1U);
    box.updater.letGo();
    box.waitFor("catalogue_update", "done");
    box.clock.advance(1h);
    box.system.updateCatalogueAtNight(3); // that night has had its one
    BOOST_TEST(box.jobs().size() == 1U);
    box.clock.advance(24h);
    box.system.updateCatalogueAtNight(4);
    BOOST_TEST(box.jobs().size() == 2U);
    box.updater.letGo();
    box.updater.waitUntilBegun(2);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_an_update_at_work) {
    Box box;
    box.system.updateCatalogue({});
    box.updater.waitUntilBegun(1);
    box.updating.request_stop();
    BOOST_TEST(box.waitFor("catalogue_update", "failed").message == "stopped");
}
