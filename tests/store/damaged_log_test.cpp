// What becomes of a store whose log is damaged, torn, or holds what the database has already.
#include "store/clean_stop.hpp"
#include "store/kept_log.hpp"
#include "store/log_frames.hpp"
#include "store/upkeep.hpp"
#include "store/write_ahead_log.hpp"
#include "tests/store/restore_house.hpp"
#include "tests/support/errors.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fcntl.h>
#include <stdexcept>
#include <vector>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t headBytes = 32, frameBytes = 24 + 4096;
constexpr int commits = 8;

/// Commits in the log of an open store.
struct LoggedStore : OpenStore {
    LoggedStore() {
        reopen(); // folds the log in
        for (int n = 1; n <= commits; ++n) {
            put("Artist " + std::to_string(n), "Title");
            ends.push_back(frames());
        }
    }
    /// In the log; what an older one left is not counted.
    std::uintmax_t frames() const {
        const os::FileDescriptor opened(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
        store::LogFrames found(opened, log);
        std::uintmax_t count = 0;
        while (const auto frame = found.next())
            count += frame->of_log ? 1 : 0;
        return count;
    }
    void copyTo(const fs::path& to) const {
        for (const char* ending : {"", "-wal"})
            fs::copy_file(database.string() + ending, store::databaseFile(to).string() + ending);
    }
    /// A copy as a power cut leaves it, with a flipped bit of the log.
    void copyDamaged(const fs::path& to, std::uintmax_t frame, std::uintmax_t byte) const {
        copyTo(to);
        flipBit(store::databaseFile(to).string() + "-wal", headBytes + frame * frameBytes + byte);
    }
    std::int64_t recordsAfterStart(const fs::path& of) const {
        const store::Store opened(of, clock, {"mqtt"});
        return opened.read(
            [&](const ReadTx& tx) { return tx.copies.counts(clock.wall()).records; });
    }

    fs::path database = store::databaseFile(folder.path());
    fs::path log = database.string() + "-wal";
    std::vector<std::uintmax_t> ends; ///< frames after each commit
};

constexpr std::uintmax_t salts = 8, sum = 16, page = 24 + 100;

} // namespace

BOOST_AUTO_TEST_SUITE(damaged_log)

BOOST_FIXTURE_TEST_CASE(what_stands_before_a_damage_is_there_after_the_start, LoggedStore) {
    const std::uintmax_t last = ends[commits - 2];
    for (std::uintmax_t frame = 1; frame < ends.back(); frame += ends.back() / 8)
        for (const std::uintmax_t byte : {salts, page}) {
            const Folder damaged;
            copyDamaged(damaged.path(), frame, byte);
            const auto reached =
                std::count_if(ends.begin(), ends.end(), [&](auto end) { return end <= frame; });
            BOOST_TEST_CONTEXT("frame " << frame << " of " << ends.back() << ", byte " << byte) {
                // A commit without the head of its last frame looks as if it had been torn.
                BOOST_TEST((store::stateOfLog(store::databaseFile(damaged.path())) ==
                            store::LogState::damaged) == (frame + (byte == salts ? 1 : 0) < last));
                BOOST_TEST(recordsAfterStart(damaged.path()) == reached);
                BOOST_TEST(store::integrityCheck(damaged.path()) == "");
            }
        }
}

/// A block of the disk is seldom a frame: it holds the end of one and the head of the next.
BOOST_FIXTURE_TEST_CASE(a_lost_block_between_the_last_commits_is_damage, LoggedStore) {
    const Folder damaged;
    copyTo(damaged.path());
    const fs::path of = store::databaseFile(damaged.path());
    std::fstream bytes(of.string() + "-wal", std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(headBytes + ends[commits - 2] * frameBytes - 100));
    bytes << std::string(200, '\0');
    bytes.close();
    BOOST_TEST((store::stateOfLog(of) == store::LogState::damaged));
}

/// Otherwise a start that is killed behind the folding leaves a mixture that nobody checks.
BOOST_FIXTURE_TEST_CASE(a_database_whose_log_was_folded_in_is_checked, LoggedStore) {
    const Folder damaged;
    copyDamaged(damaged.path(), 0, salts);
    const fs::path of = store::databaseFile(damaged.path());
    const auto marked = [&] {
        SQLite::Database copy(of.string(), SQLite::OPEN_READONLY);
        return store::isMarkedClean(copy);
    };
    BOOST_TEST(marked()); // the log takes it away, and cannot be read
    BOOST_TEST(store::foldLogIn(of, Millis(0)));
    BOOST_TEST(!marked());
}

/// A transaction that is larger than the cache writes into the log before its end.
BOOST_FIXTURE_TEST_CASE(a_torn_last_commit_is_no_damage_whatever_lies_behind_it, LoggedStore) {
    BOOST_CHECK_THROW(write([&](Tx& tx) {
                          for (int n = 0; n < 800; ++n) {
                              Release release;
                              release.artist = std::string(4000, 'a');
                              tx.releases.create(release);
                          }
                          throw std::runtime_error("rolled back");
                      }),
                      std::runtime_error);
    BOOST_TEST_REQUIRE(frames() > ends.back() + 100);
    const std::uintmax_t first = ends.back();
    put("Torn", "Title");
    for (const std::uintmax_t byte : {salts, sum, page}) {
        const Folder torn;
        copyDamaged(torn.path(), first + 1, byte);
        BOOST_TEST((store::stateOfLog(store::databaseFile(torn.path())) == store::LogState::whole));
        BOOST_TEST(recordsAfterStart(torn.path()) == commits);
    }
}

/// Of a log that the database holds, SQLite would lay the readable part over newer pages.
BOOST_FIXTURE_TEST_CASE(a_quiet_minute_leaves_nothing_in_the_log, OpenStore) {
    store.reset();
    const fs::path database = store::databaseFile(folder.path());
    std::mutex mutex;
    store::Connection writer(database, store::Connection::Mode::readWrite);
    store::Upkeep upkeep(database, writer, mutex, [] {});
    const auto commit = [&](const char* key) {
        writer.database().exec("INSERT INTO settings VALUES ('" + std::string(key) + "', '')");
    };
    const auto held = [&] {
        SQLite::Database alone(store::immutableUri(database),
                               SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        return alone.execAndGet("SELECT count(*) FROM settings WHERE key LIKE 'probe%'").getInt();
    };
    const fs::path log = store::logOf(database);
    commit("probe 1");
    BOOST_TEST(upkeep.emptyLog());
    BOOST_TEST(fs::file_size(log) == 0U);
    BOOST_TEST(held() == 1);
    commit("probe 2");
    {
        SQLite::Database reader(database.string(), SQLite::OPEN_READONLY);
        reader.exec("BEGIN; SELECT count(*) FROM settings");
        commit("probe 3");
        BOOST_TEST(!upkeep.emptyLog()); // at once, although somebody reads
        BOOST_TEST(fs::file_size(log) > 0U);
    }
    BOOST_TEST(upkeep.emptyLog());
    BOOST_TEST(fs::file_size(log) == 0U);
    BOOST_TEST(held() == 3);
}

/// An index that lacks the rows of its table, as a checkpoint that was cut off leaves one.
BOOST_FIXTURE_TEST_CASE(a_mixture_is_refused_at_every_start, OpenStore) {
    scan("4006381333931");
    store.reset();
    const auto change = [&](const std::string& sql) {
        SQLite::Database(store::databaseFile(folder.path()).string(), SQLite::OPEN_READWRITE)
            .exec("PRAGMA writable_schema = ON; " + sql);
    };
    const std::string index = "WHERE name = 'scans_by_source'";
    change("UPDATE sqlite_schema SET sql = sql || ' WHERE 0' " + index);
    change("REINDEX scans_by_source");
    change("UPDATE sqlite_schema SET sql = replace(sql, ' WHERE 0', '') " + index);
    {
        SQLite::Database database(store::databaseFile(folder.path()).string(),
                                  SQLite::OPEN_READWRITE);
        store::unmarkClean(database);
    }
    for (int start = 0; start < 2; ++start)
        BOOST_TEST(says(errorText([&] { reopen(); }), "gatefold restore FILE"));
}

BOOST_AUTO_TEST_SUITE_END()
