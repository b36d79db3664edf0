// A restore beside a running daemon: the answer is what happened, and nothing is put in place
// later.
#include "store/restore_request.hpp"

#include "store/backups.hpp"
#include "tests/store/open_store.hpp"
#include "tests/support/errors.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <functional>
#include <set>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A store of two copies, and a backup of it with one.
struct RequestHouse : OpenStore {
    RequestHouse() {
        put("A", "One");
        store::BackupFiles(folder.path(), clock).backup(backup.string());
        put("A", "Two");
    }
    store::Restored handOver(const std::function<void()>& wake,
                             std::chrono::milliseconds patience = 60s, bool ended = false) {
        store::RestoreRequest request(folder.path());
        return request.handOver(store::GivenDatabase(backup), {wake, [ended] { return ended; }},
                                patience);
    }
    /// As the daemon does when it is woken, or starts.
    void daemonStarts() {
        store.reset();
        store::takeRestore(folder.path(), clock);
        store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"});
    }
    std::int64_t copies() {
        return read([&](const ReadTx& tx) { return tx.copies.counts(clock.wall()).records; });
    }
    std::set<std::string> left() {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            if (entry.path().filename().string().starts_with("restore."))
                names.insert(entry.path().filename().string());
        names.erase("restore.lock");
        return names;
    }

    Folder given;
    fs::path backup = given.path() / "backup.sqlite";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(restore_requests, RequestHouse)

BOOST_AUTO_TEST_CASE(the_daemon_takes_it_and_answers) {
    const store::Restored restored = handOver([&] {
        BOOST_TEST(store::restoreWaits(folder.path()));
        daemonStarts();
    });
    BOOST_TEST(restored.info.copies == 1);
    BOOST_TEST(restored.info.file == backup.string());
    BOOST_TEST(fs::exists(restored.replaced));
    BOOST_TEST(copies() == 1);
    BOOST_TEST(left().empty());
}

BOOST_AUTO_TEST_CASE(what_an_earlier_refusal_left_does_not_change_the_answer) {
    std::ofstream(folder.path() / "restore.pending.refused") << "of an earlier time";
    std::ofstream(folder.path() / "restore.answer") << R"({"problem":"of an earlier time"})";
    BOOST_TEST(handOver([&] { daemonStarts(); }).info.copies == 1);
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(the_daemons_refusal_is_the_answer) {
    const std::string message = errorText([&] {
        handOver([&] {
            // Whole when it was handed over, damaged when the daemon reads it.
            std::ofstream(folder.path() / "restore.pending") << std::string(8192, 'g');
            daemonStarts();
        });
    });
    BOOST_TEST(message.starts_with("invalid: gatefoldd refused the backup: "));
    BOOST_TEST(message.ends_with("The store is as it was."));
    BOOST_TEST(copies() == 2);
    BOOST_TEST(left().empty());
}

BOOST_AUTO_TEST_CASE(one_that_is_not_taken_is_withdrawn_and_stays_so) {
    const std::string message = errorText([&] { handOver([] {}, 0ms); });
    BOOST_TEST(message.starts_with("unavailable: gatefoldd did not take the backup"));
    BOOST_TEST(left().empty());
    daemonStarts();
    BOOST_TEST(copies() == 2);
}

BOOST_AUTO_TEST_CASE(one_that_could_not_be_told_is_withdrawn) {
    BOOST_CHECK_THROW(handOver([] { throw Error(ErrorCode::unavailable, "no daemon"); }), Error);
    BOOST_TEST(left().empty());
    daemonStarts();
    BOOST_TEST(copies() == 2);
}

BOOST_AUTO_TEST_CASE(one_whose_command_was_killed_is_never_put_in_place) {
    for (const char* name : {"restore.pending", "restore.taken", "restore.part"}) {
        fs::copy_file(backup, folder.path() / name);
        BOOST_TEST(!store::restoreWaits(folder.path()));
        daemonStarts();
        BOOST_TEST(copies() == 2);
        BOOST_TEST(left().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_lock_that_cannot_be_opened_keeps_no_daemon_off) {
    fs::create_directory(folder.path() / "restore.lock");
    fs::copy_file(backup, folder.path() / "restore.pending");
    BOOST_TEST(!store::restoreWaits(folder.path()));
    daemonStarts();
    BOOST_TEST(copies() == 2);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_was_killed_at_it_does_it_at_its_next_start) {
    const store::Restored restored = handOver([&] {
        fs::rename(folder.path() / "restore.pending", folder.path() / "restore.taken");
        daemonStarts();
    });
    BOOST_TEST(restored.info.copies == 1);
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_ends_before_it_answers_ends_the_wait) {
    BOOST_TEST(handOver([&] { daemonStarts(); }, 60s, true).info.copies == 1); // it had answered
    put("A", "Two");
    std::string message = errorText([&] { handOver([] {}, 60s, true); });
    BOOST_TEST(message.starts_with("unavailable: gatefoldd ended before it took the backup"));
    message = errorText([&] {
        handOver(
            [&] { fs::rename(folder.path() / "restore.pending", folder.path() / "restore.taken"); },
            60s, true);
    });
    BOOST_TEST(message.starts_with("unavailable: gatefoldd ended before it answered"));
    BOOST_TEST(left().empty());
    daemonStarts();
    BOOST_TEST(copies() == 2);
}

BOOST_AUTO_TEST_CASE(the_store_itself_is_not_handed_over) {
    const fs::path itself = store::databaseFile(folder.path());
    const fs::path soft = given.path() / "soft", hard = folder.path() / "hard";
    fs::create_symlink(itself, soft);
    fs::create_hard_link(itself, hard);
    for (const fs::path& name : {itself, soft, hard}) {
        backup = name;
        bool woken = false;
        BOOST_TEST(errorText([&] { handOver([&] { woken = true; }, 0ms); }) ==
                   "invalid: " + name.string() + " is the store itself.");
        BOOST_TEST(!woken);
    }
    BOOST_TEST(left().empty());
}

BOOST_AUTO_TEST_CASE(of_two_at_once_one_is_told_of_the_other) {
    const store::RestoreRequest first(folder.path());
    BOOST_TEST(errorText([&] { store::RestoreRequest second(folder.path()); }) ==
               "conflict: Another restore of this store is at work.");
}

BOOST_AUTO_TEST_CASE(what_is_no_backup_does_not_disturb_the_daemon) {
    std::ofstream(backup, std::ios::trunc) << "no backup";
    bool woken = false;
    const std::string message = errorText([&] { handOver([&] { woken = true; }); });
    BOOST_TEST(message.starts_with("invalid: " + backup.string() + " is no readable backup"));
    BOOST_TEST(!woken);
    BOOST_TEST(left().empty());
}

BOOST_AUTO_TEST_SUITE_END()
