// What becomes of the store that a restore replaces, or does not replace after all.
#include "store/replaced_store.hpp"

#include "os/file_descriptor.hpp"
#include "os/read_file.hpp"
#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/clean_stop.hpp"
#include "store/own_log.hpp"
#include "tests/store/restore_house.hpp"
#include "tests/support/errors.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(replaced_store, RestoreHouse)

BOOST_AUTO_TEST_CASE(the_store_before_is_kept_with_what_its_log_held) {
    fs::copy_file(raw, store::databaseFile(target.path())); // as a killed daemon leaves it
    fs::copy_file(log, store::databaseFile(target.path()).string() + "-wal");
    const fs::path empty = given.path() / "empty.sqlite";
    {
        const Folder blank;
        const store::Store made(blank.path(), clock, {"mqtt"});
        store::BackupFiles(blank.path(), clock).backup(empty.string());
    }
    const store::Restored first = restore(empty), second = restore(raw); // within one millisecond
    BOOST_TEST(first.replaced != second.replaced);
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(first.replaced)).copies == 5);
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(second.replaced)).copies == 0);
    BOOST_TEST(copies() == 5);
}

/// A store with five copies in the database and four in its log, and a backup of the five with a
/// photo.
struct DamagedLogHouse : RestoreHouse {
    DamagedLogHouse() {
        store::BackupFiles(folder.path(), clock).backup(backup.string());
        SQLite::Database(backup.string(), SQLite::OPEN_READWRITE)
            .exec("INSERT INTO packed_photos VALUES ('9f2c-480.jpg', x'00')");
        reopen();
        for (int n = 6; n <= 9; ++n)
            put("Artist " + std::to_string(n), "Title");
    }
    /// A copy of it as a killed daemon leaves it, with a flipped bit of the log. The log's bytes.
    std::string copyDamaged(const fs::path& to, std::uintmax_t at) {
        for (const char* ending : {"", "-wal"})
            fs::copy_file(open + ending, store::databaseFile(to).string() + ending);
        flipBit(store::databaseFile(to).string() + "-wal", at);
        return bytesOf(store::databaseFile(to).string() + "-wal");
    }
    static std::string bytesOf(const fs::path& file) { return os::readFile(file, 64'000'000); }

    fs::path backup = given.path() / "backup.sqlite";
    std::string open = store::databaseFile(folder.path()).string();
    const char* kept_log = "damaged-gatefold-2026-03-01T200107412.sqlite-wal";
};

BOOST_FIXTURE_TEST_CASE(a_damaged_log_of_the_store_before_is_kept_as_it_was, DamagedLogHouse) {
    for (const std::uintmax_t at : {std::uintmax_t{30}, fs::file_size(open + "-wal") / 2}) {
        const Folder own;
        const std::string bytes = copyDamaged(own.path(), at);
        const auto restored = store::restoreBackup(store::GivenDatabase(backup), own.path(), clock);
        BOOST_TEST(restored.info.copies == 5);
        BOOST_TEST((bytesOf(own.path() / "backups" / kept_log) == bytes), at);
        // The database kept holds what could be reached: the restore can be undone.
        const auto undone =
            store::restoreBackup(store::GivenDatabase(restored.replaced), own.path(), clock);
        BOOST_TEST(undone.info.copies == (at == 30 ? 5 : 6));
    }
}

BOOST_FIXTURE_TEST_CASE(a_store_with_a_damaged_log_opens_after_a_restore_that_was_refused,
                        DamagedLogHouse) {
    const Folder own;
    const std::string bytes = copyDamaged(own.path(), fs::file_size(open + "-wal") / 2);
    std::ofstream(own.path() / "covers") << "in the way";
    BOOST_TEST(says(
        errorText([&] { store::restoreBackup(store::GivenDatabase(backup), own.path(), clock); }),
        "covers is no folder: move it away"));
    {
        const store::Store opened(own.path(), clock, {"mqtt"});
        opened.read(
            [&](const ReadTx& tx) { BOOST_TEST(tx.copies.counts(clock.wall()).records == 6); });
    }
    BOOST_TEST((namesIn(own.path() / "backups") == std::set<std::string>{kept_log}));
    BOOST_TEST((bytesOf(own.path() / "backups" / kept_log) == bytes));
}

BOOST_FIXTURE_TEST_CASE(a_store_with_a_damaged_log_opens_after_it_was_put_back, DamagedLogHouse) {
    const std::uintmax_t head = 30, middle = fs::file_size(open + "-wal") / 2;
    for (const std::uintmax_t at : {head, middle}) {
        const Folder own;
        const std::string bytes = copyDamaged(own.path(), at);
        const fs::path database = store::databaseFile(own.path());
        {
            store::ReplacedStore before(database, clock);
            before.numbers();
            before.setAside();
            fs::remove(database);
            std::ofstream(database) << "new";
        }
        SQLite::Database back(database.string(), SQLite::OPEN_READONLY);
        BOOST_TEST(!store::isMarkedClean(back));
        BOOST_TEST(back.execAndGet("SELECT count(*) FROM copies").getInt() == (at == head ? 5 : 6));
        BOOST_TEST((namesIn(own.path() / "backups") == std::set<std::string>{kept_log}));
        BOOST_TEST((bytesOf(own.path() / "backups" / kept_log) == bytes));
        BOOST_CHECK_NO_THROW(store::Store(own.path(), clock, {"mqtt"}));
    }
}

BOOST_FIXTURE_TEST_CASE(a_folded_log_whose_first_renaming_failed_is_kept, DamagedLogHouse) {
    const Folder own;
    const std::string bytes = copyDamaged(own.path(), 30);
    {
        store::ReplacedStore before(store::databaseFile(own.path()), clock);
        const fs::path in_the_way = own.path() / "backups" / kept_log;
        fs::create_directories(in_the_way);
        BOOST_CHECK_THROW(before.numbers(), fs::filesystem_error);
        fs::remove(in_the_way);
    }
    BOOST_CHECK_NO_THROW(store::Store(own.path(), clock, {"mqtt"}));
    BOOST_TEST((namesIn(own.path() / "backups") == std::set<std::string>{kept_log}));
    BOOST_TEST((bytesOf(own.path() / "backups" / kept_log) == bytes));
}

BOOST_FIXTURE_TEST_CASE(a_store_whose_mark_cannot_be_removed_is_put_back_with_its_own_log,
                        DamagedLogHouse) {
    SQLite::Database(open, SQLite::OPEN_READWRITE)
        .exec("INSERT INTO settings(key, value) VALUES ('store.clean_stop', '1');"
              "CREATE TRIGGER keep BEFORE DELETE ON settings "
              "BEGIN SELECT raise(ABORT, 'kept'); END");
    const Folder own;
    const fs::path database = store::databaseFile(own.path());
    for (const char* ending : {"", "-wal"})
        fs::copy_file(open + ending, database.string() + ending);
    store::ReplacedStore(database, clock).numbers();
    BOOST_TEST(store::hasOwnLog(database));
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_kept_with_its_log) {
    const fs::path damaged = store::databaseFile(target.path());
    std::ofstream(damaged) << std::string(8192, 'g');
    std::ofstream(damaged.string() + "-wal") << std::string(5000, 'h');
    const store::Restored restored = restore(raw);
    BOOST_TEST(copies() == 5);
    BOOST_TEST(fs::file_size(restored.replaced) == 8192u);
    BOOST_TEST(fs::file_size(restored.replaced.string() + "-wal") == 5000u);
    BOOST_TEST(!fs::exists(damaged.string() + "-wal"));
}

BOOST_AUTO_TEST_CASE(a_log_without_its_database_is_kept_and_changes_nothing_of_what_is_restored) {
    const fs::path backup = given.path() / "backup.sqlite";
    store::BackupFiles(folder.path(), clock).backup(backup.string());
    write([](Tx& tx) { tx.settings.set("probe", "after the backup"); });
    const fs::path database = store::databaseFile(target.path());
    const std::string later = database.string() + "-wal";
    for (const bool dangling : {false, true}) {
        fs::remove(database);
        fs::copy_file(store::databaseFile(folder.path()).string() + "-wal", later);
        if (dangling)
            fs::create_symlink(target.path() / "nowhere" / "gatefold.db", database);
        const auto bytes = fs::file_size(later);
        const store::Restored restored = restore(backup);
        BOOST_TEST(!fs::exists(later));
        const fs::path kept = restored.replaced.string() + (dangling ? "-wal" : "");
        BOOST_TEST(kept.string().ends_with(".sqlite-wal"));
        BOOST_TEST(fs::file_size(kept) == bytes);
        BOOST_TEST(fs::is_symlink(restored.replaced) == dangling);
        const store::Store opened(target.path(), clock, {"mqtt"});
        opened.read([&](const ReadTx& tx) {
            BOOST_TEST(tx.copies.counts(clock.wall()).records == 5);
            BOOST_TEST(!tx.settings.get("probe").has_value());
        });
    }
}

/// The folder of backups on a file system of its own, as a disk that is mounted there.
struct BackupsElsewhere : RestoreHouse {
    BackupsElsewhere() {
        std::string name = "/dev/shm/gatefold-test-XXXXXX";
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        disk = name;
        fs::create_directory_symlink(disk, target.path() / "backups");
    }
    ~BackupsElsewhere() { fs::remove_all(disk); }
    fs::path disk;
};

BOOST_FIXTURE_TEST_CASE(the_folder_of_backups_may_lie_on_another_disk, BackupsElsewhere) {
    fillTarget();
    const fs::path database = store::databaseFile(target.path());
    BOOST_TEST(fs::exists(restore(raw).replaced));
    BOOST_TEST(copies() == 5);
    fs::remove(database); // while its log is there, as after a disk's failure
    fs::copy_file(log, database.string() + "-wal");
    const store::Restored restored = restore(raw);
    BOOST_TEST(fs::file_size(restored.replaced) == fs::file_size(log));
    BOOST_TEST(copies() == 5);
    {
        store::ReplacedStore before(database, clock);
        before.numbers();
        before.setAside();
        fs::remove(database);
        std::ofstream(database) << "new";
        before.putBack();
    }
    BOOST_TEST(copies() == 5);
}

BOOST_FIXTURE_TEST_CASE(a_database_that_nothing_took_the_place_of_is_not_put_back,
                        BackupsElsewhere) {
    fillTarget();
    const fs::path database = store::databaseFile(target.path());
    const auto inode = [&] {
        struct ::stat status {};
        BOOST_REQUIRE(::stat(database.c_str(), &status) == 0);
        return status.st_ino;
    };
    const auto before = inode();
    store::ReplacedStore replaced(database, clock);
    std::ofstream(database.string() + "-wal") << "log";
    replaced.setAside();
    replaced.putBack();
    BOOST_TEST(inode() == before);
    BOOST_TEST(fs::file_size(database.string() + "-wal") == 3u);
    BOOST_TEST(fs::is_empty(disk));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_put_back_is_told) {
    fillTarget();
    const fs::path database = store::databaseFile(target.path());
    store::ReplacedStore before(database, clock);
    before.setAside();
    fs::remove(database);
    fs::create_directories(database / "in the way");
    const std::string message = errorText([&] { before.putBack(); });
    BOOST_TEST(says(message, "The store could not be put back from "), message);
}

BOOST_AUTO_TEST_CASE(a_second_name_of_the_store_that_a_killed_restore_left_is_removed) {
    fillTarget();
    const fs::path database = store::databaseFile(target.path());
    const fs::path backups = target.path() / "backups";
    fs::create_directory(backups);
    fs::create_hard_link(database, backups / "replaced-gatefold-1.sqlite");
    fs::copy_file(database, backups / "replaced-gatefold-2.sqlite");
    fs::create_hard_link(database, backups / "replaced-gatefold-3.sqlite"); // its log was moved
    std::ofstream(backups / "replaced-gatefold-3.sqlite-wal") << "log";
    store::removeUnfinishedRestore(target.path());
    BOOST_TEST((namesIn(backups) == std::set<std::string>{"replaced-gatefold-2.sqlite",
                                                          "replaced-gatefold-3.sqlite",
                                                          "replaced-gatefold-3.sqlite-wal"}));
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_not_replaced_after_all_is_back_at_its_place) {
    const fs::path database = store::databaseFile(target.path());
    const auto write_file = [&](const char* ending, const std::string& bytes) {
        std::ofstream(database.string() + ending, std::ios::trunc) << bytes;
    };
    for (const std::set<std::string>& there :
         {std::set<std::string>{"", "-wal", "-journal"}, std::set<std::string>{"-wal"},
          std::set<std::string>{""}}) {
        for (const std::string& ending : there)
            write_file(ending.c_str(), "old" + ending);
        for (const bool placed : {false, true}) {
            store::ReplacedStore before(database, clock);
            BOOST_TEST(before.numbers().empty());
            before.setAside();
            if (placed) {
                fs::remove(database);
                write_file("", "new");
                write_file("-wal", "new-wal");
            }
        }
        for (const std::string ending : {"", "-wal", "-journal"}) {
            std::ostringstream bytes;
            bytes << std::ifstream(database.string() + ending).rdbuf();
            BOOST_TEST(bytes.str() == (there.contains(ending) ? "old" + ending : ""));
            fs::remove(database.string() + ending);
        }
        BOOST_TEST(namesIn(target.path() / "backups").empty());
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_another_program_holds_is_not_replaced) {
    fillTarget();
    auto before = namesIn(target.path());
    {
        SQLite::Database other(store::databaseFile(target.path()).string(), SQLite::OPEN_READWRITE);
        other.exec("BEGIN IMMEDIATE; DELETE FROM copies");
        BOOST_TEST(errorText([&] { restore(raw); }) ==
                   "unavailable: Another program holds the database; try again.");
    }
    before.insert("backups");
    BOOST_TEST((namesIn(target.path()) == before));
    BOOST_TEST(namesIn(target.path() / "backups").empty());
    BOOST_TEST(copies() == 1);
}

/// Another process that has a database open, and closes it in order when this one is destroyed.
class OtherProgram {
public:
    explicit OtherProgram(const fs::path& database) {
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], STDIN_FILENO);
            ::dup2(ends[1], STDOUT_FILENO);
            ::execlp("python3", "python3", "-c", script, database.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        end_ = os::FileDescriptor(ends[0]);
        char said = 0;
        BOOST_REQUIRE(::read(end_.get(), &said, 1) == 1);
    }
    ~OtherProgram() {
        end_ = os::FileDescriptor();
        int status = -1;
        ::waitpid(pid_, &status, 0);
        BOOST_TEST(status == 0);
    }
    OtherProgram(const OtherProgram&) = delete;
    OtherProgram& operator=(const OtherProgram&) = delete;

private:
    static constexpr const char* script =
        "import sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1])\n"
        "database.execute('SELECT count(*) FROM copies').fetchall()\n"
        "print('o', end='', flush=True)\n"
        "sys.stdin.read()\n"
        "database.close()\n";
    os::FileDescriptor end_;
    pid_t pid_ = -1;
};

/// Once it closes the database, SQLite removes the log beside one that was put back, also that of a
/// daemon which ran meanwhile.
BOOST_AUTO_TEST_CASE(a_store_that_another_program_has_open_is_not_replaced) {
    fillTarget();
    auto names = namesIn(target.path());
    names.insert("backups");
    const fs::path database = store::databaseFile(target.path());
    for (const bool logged : {false, true}) {
        if (logged) {
            fs::copy_file(raw, database, fs::copy_options::overwrite_existing);
            fs::copy_file(log, database.string() + "-wal");
        }
        {
            const OtherProgram other(database);
            BOOST_TEST(errorText([&] { restore(raw); }) ==
                       "unavailable: Another program holds the database; try again.");
        }
        BOOST_TEST((namesIn(target.path()) == names)); // the log went with the other program
        BOOST_TEST(copies() == (logged ? 5 : 1));
        BOOST_TEST(namesIn(target.path() / "backups").empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
