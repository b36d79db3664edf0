#include "tests/store/open_store.hpp"
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

std::int64_t scansIn(const store::Store& store) {
    return store.read([](const ReadTx& tx) { return tx.scans.list({}).total; });
}

ScanId journal(store::Store& store, const std::string& raw) {
    return store.write([&](Tx& tx) {
        NewScan scan;
        scan.source = "usb:1";
        scan.raw = raw;
        return tx.scans.insert(scan);
    });
}

/// Writes until the disk says no; returns how many scans were stored.
std::int64_t fill(store::Store& store) {
    constexpr int enough = 100'000;
    for (int stored = 0; stored < enough; ++stored) {
        try {
            journal(store, std::string(4096, 'x'));
        } catch (const Error& error) {
            BOOST_TEST((error.code() == ErrorCode::diskFull));
            return stored;
        }
    }
    BOOST_FAIL("the disk never became full");
    return 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transactions, OpenStore)

BOOST_AUTO_TEST_CASE(an_exception_takes_everything_back_and_the_store_goes_on) {
    BOOST_CHECK_THROW(write([&](Tx& tx) {
                          tx.settings.set("a", "1");
                          tx.events.append({LogRow::Kind::event, "record_on", "main", "{}", "main"},
                                           clock.wall());
                          throw std::runtime_error("no");
                      }),
                      std::runtime_error);
    read([](const ReadTx& tx) {
        BOOST_TEST(!tx.settings.get("a").has_value());
        BOOST_TEST(tx.events.newest() == 0);
    });
    scan("1");
    BOOST_TEST(scansIn(*store) == 1);
}

BOOST_AUTO_TEST_CASE(hooks_hear_of_commits_with_log_rows_only) {
    int woken = 0;
    store->onCommit([&] { ++woken; });
    scan("1");
    BOOST_TEST(woken == 0);
    const auto append = [&](Tx& tx) {
        tx.events.append({LogRow::Kind::event, "record_on", "main", "{}", "main"}, clock.wall());
    };
    write(append);
    BOOST_TEST(woken == 1);
    BOOST_CHECK_THROW(write([&](Tx& tx) {
                          append(tx);
                          throw std::runtime_error("no");
                      }),
                      std::runtime_error);
    scan("2");
    BOOST_TEST(woken == 1);
}

BOOST_AUTO_TEST_CASE(writers_take_turns_and_readers_see_whole_transactions) {
    constexpr int writers = 4, each = 100;
    std::atomic<bool> running{true};
    std::atomic<int> torn{0}, failed{0}, looks{0};
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 12; ++i) // more than there are connections
            readers.emplace_back([&] {
                while (running) {
                    try {
                        store->read([&](const ReadTx& tx) {
                            const auto a = tx.settings.get("a"), b = tx.settings.get("b");
                            torn += a != b;
                            ++looks;
                        });
                    } catch (...) {
                        ++failed;
                    }
                }
            });
        {
            std::vector<std::jthread> threads;
            for (int w = 0; w < writers; ++w)
                threads.emplace_back([&, w] {
                    for (int i = 0; i < each; ++i) {
                        try {
                            store->write([&](Tx& tx) {
                                const std::string value = std::to_string(w * each + i);
                                tx.settings.set("a", value);
                                tx.events.append(
                                    {LogRow::Kind::event, "record_on", "main", "{}", "main"},
                                    clock.wall());
                                tx.settings.set("b", value);
                            });
                        } catch (...) {
                            ++failed;
                        }
                    }
                });
        }
        running = false;
    }
    BOOST_TEST(torn == 0);
    BOOST_TEST(failed == 0);
    BOOST_TEST(looks > 0);
    const auto log = read([](const ReadTx& tx) { return tx.events.after(0, 1000); });
    BOOST_TEST(log.size() == 400u);
    for (std::size_t i = 0; i < log.size(); ++i)
        if (log[i].seq != static_cast<std::int64_t>(i) + 1 ||
            log[i].prev != static_cast<std::int64_t>(i))
            BOOST_ERROR("a hole in the number line at " << i);
}

BOOST_AUTO_TEST_CASE(a_foreign_program_that_holds_the_file_makes_a_clear_error) {
    sqlite3* other = nullptr;
    BOOST_REQUIRE(sqlite3_open(store::databaseFile(folder.path()).c_str(), &other) == SQLITE_OK);
    BOOST_REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    BOOST_TEST(throwsCode(ErrorCode::unavailable, [&] { scan("1"); }));
    BOOST_TEST(scansIn(*store) == 0); // readers are not kept out
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    scan("1");
    BOOST_TEST(scansIn(*store) == 1);
}

BOOST_AUTO_TEST_CASE(a_file_size_limit_loses_nothing_stored_and_writes_work_again) {
    scan("before");
    std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit old {};
    ::getrlimit(RLIMIT_FSIZE, &old);
    struct rlimit small = old;
    small.rlim_cur = 1 << 20;
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::int64_t stored = fill(*store);
    BOOST_TEST(stored > 0);
    BOOST_TEST(scansIn(*store) == stored + 1);
    ::setrlimit(RLIMIT_FSIZE, &old);
    scan("after");
    reopen();
    BOOST_TEST(scansIn(*store) == stored + 2);
    BOOST_TEST(store::integrityCheck(folder.path()) == "");
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing_stored_and_writes_work_again) {
    const Folder disk;
    if (::mount("tmpfs", disk.path().c_str(), "tmpfs", 0, "size=2m") != 0)
        throw test::Skipped(std::string("mount: ") + std::strerror(errno));
    {
        store::Store small(disk.path(), clock, {"mqtt"});
        const std::filesystem::path ballast = disk.path() / "ballast";
        const int fd = ::open(ballast.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        BOOST_REQUIRE(::posix_fallocate(fd, 0, 1 << 20) == 0);
        ::close(fd);
        const std::int64_t stored = fill(small);
        BOOST_TEST(stored > 0);
        BOOST_TEST(scansIn(small) == stored);
        std::filesystem::remove(ballast);
        journal(small, "after");
        BOOST_TEST(scansIn(small) == stored + 1);
        BOOST_TEST(store::integrityCheck(disk.path()) == "");
    }
    ::umount(disk.path().c_str());
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_survives_a_kill) {
    store.reset();
    for (int round = 0; round < 3; ++round) {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            store::Store mine(folder.path(), clock, {"mqtt"});
            for (;;) {
                const std::int64_t id = journal(mine, "x").value;
                if (::write(ends[1], &id, sizeof id) != sizeof id)
                    ::_exit(1);
            }
        }
        ::close(ends[1]);
        std::int64_t acknowledged = 0;
        for (int i = 0; i < 200 + 50 * round; ++i)
            BOOST_REQUIRE(::read(ends[0], &acknowledged, sizeof acknowledged) ==
                          sizeof acknowledged);
        ::kill(child, SIGKILL);
        while (::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
        }
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
        store::Store again(folder.path(), clock, {"mqtt"});
        BOOST_TEST(again.read(
            [&](const ReadTx& tx) { return tx.scans.find({acknowledged}).has_value(); }));
        BOOST_TEST(scansIn(again) >= acknowledged);
        BOOST_TEST(store::integrityCheck(folder.path()) == "");
    }
}

BOOST_AUTO_TEST_CASE(the_log_is_folded_in_beside_the_writers) {
    // Far more than fits between two foldings; the log's file starts anew instead of growing with
    // it.
    for (int i = 0; i < 40; ++i)
        write([&](Tx& tx) {
            for (int k = 0; k < 400; ++k) {
                NewScan scan;
                scan.source = "usb:1";
                scan.raw = std::string(4096, 'x');
                tx.scans.insert(scan);
            }
        });
    BOOST_TEST(scansIn(*store) == 16'000);
    const auto log = store::databaseFile(folder.path()).string() + "-wal";
    BOOST_TEST(std::filesystem::file_size(log) < std::uintmax_t{100} << 20);
    store.reset();
    BOOST_TEST(!std::filesystem::exists(log));
}

BOOST_AUTO_TEST_SUITE_END()
