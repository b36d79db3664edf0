#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/migrations.hpp"
#include "store/write_ahead_log.hpp"
#include "tests/store/open_store.hpp"
#include "tests/support/errors.hpp"
#include "tests/support/skipped.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

namespace {

std::string messageOf(const fs::path& folder) {
    const StillClock clock;
    return errorText([&] { store::Store store(folder, clock, {"mqtt"}); });
}

void execute(const fs::path& file, const std::string& sql) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(sql);
}

std::string textOf(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::vector<std::string> copiesIn(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().filename().string().find(".before-") != std::string::npos)
            names.push_back(entry.path().filename().string());
    return names;
}

/// Gatefold's migrations and one more.
std::vector<store::Migration> andThen(std::string_view sql) {
    std::vector<store::Migration> steps(store::migrations().begin(), store::migrations().end());
    steps.push_back({store::newestSchema() + 1, "next", sql});
    return steps;
}
const auto colour = andThen("ALTER TABLE copies ADD COLUMN colour TEXT;");
const auto broken = andThen("ALTER TABLE copies ADD COLUMN colour TEXT; SELECT * FROM nothing;");
const std::string setNewest = "PRAGMA user_version = " + std::to_string(store::newestSchema());
/// Schemas that households have, by the releases that were made.
constexpr int releasedSchemas = 1;

/// The database of an open store, and its log.
void copyOpen(const fs::path& from, const fs::path& to) {
    for (const char* ending : {"", "-wal"})
        fs::copy_file(store::databaseFile(from).string() + ending,
                      store::databaseFile(to).string() + ending);
}

std::vector<fs::path> logsKept(const fs::path& folder) {
    std::vector<fs::path> kept;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder / "backups", none))
        kept.push_back(entry.path());
    return kept;
}

/// A process without its locks on a database has the log removed by another that closes it; it
/// loses them when it closes the file under any descriptor.
int locksOf(const fs::path& file) {
    struct ::stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    const std::string inode = ":" + std::to_string(status.st_ino) + " ";
    std::ifstream locks("/proc/locks");
    int count = 0;
    for (std::string line; std::getline(locks, line);)
        count += line.find(inode) != std::string::npos ? 1 : 0;
    return count;
}

/// A store as a killed daemon leaves it: the tables in the database, ten commits in its log.
struct KilledStore : OpenStore {
    KilledStore() {
        reopen();
        for (int n = 0; n < 10; ++n)
            put("Artist " + std::to_string(n), "Title");
        copyOpen(folder.path(), killed.path());
    }
    /// In the middle of the log. What it holds then.
    std::string damage() {
        std::fstream bytes(log, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(static_cast<std::streamoff>(fs::file_size(log) / 2));
        bytes << "damage";
        bytes.close();
        return textOf(log);
    }

    Folder killed;
    fs::path log = store::databaseFile(killed.path()).string() + "-wal";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(start, OpenStore)

BOOST_AUTO_TEST_CASE(only_the_owner_may_read_the_files) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        struct ::stat status {};
        BOOST_REQUIRE(
            ::stat((store::databaseFile(folder.path()).string() + suffix).c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 0777) == 0600u);
    }
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused_and_left_alone) {
    store.reset();
    execute(store::databaseFile(folder.path()), "PRAGMA user_version = 99");
    const std::string message = messageOf(folder.path());
    BOOST_TEST(message.starts_with("unusable_store: "));
    BOOST_TEST(message.find("newer Gatefold") != std::string::npos);
    execute(store::databaseFile(folder.path()), setNewest);
    BOOST_TEST(messageOf(folder.path()) == "");
}

BOOST_AUTO_TEST_CASE(another_programs_database_is_refused_and_left_alone) {
    const Folder other;
    execute(store::databaseFile(other.path()), "CREATE TABLE recipes (name TEXT)");
    BOOST_TEST(messageOf(other.path()).find("no database of Gatefold") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_database_says_what_to_do) {
    store.reset();
    const Folder garbage;
    std::ofstream(store::databaseFile(garbage.path())) << std::string(8192, 'g');
    BOOST_TEST(messageOf(garbage.path()).find("gatefold restore FILE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_log_without_its_database_is_refused_and_left_alone) {
    for (const bool empty : {false, true}) {
        const Folder rest;
        const fs::path file = store::databaseFile(rest.path());
        const fs::path log = file.string() + "-wal";
        std::ofstream(log) << "what was stored last";
        if (empty)
            std::ofstream(file).flush();
        const std::string message = messageOf(rest.path());
        BOOST_TEST(message.starts_with("unusable_store: The database " + file.string() +
                                       " is missing or empty"));
        BOOST_TEST(message.find(log.string() + " is there") != std::string::npos);
        BOOST_TEST(fs::file_size(log) == 20u);
        std::ofstream(log, std::ios::trunc).flush(); // holds nothing
        BOOST_TEST(messageOf(rest.path()) == "");
    }
}

BOOST_FIXTURE_TEST_CASE(what_only_reads_leaves_a_log_without_its_database_alone, KilledStore) {
    const fs::path file = store::databaseFile(killed.path());
    const auto bytes = fs::file_size(log);
    for (const bool empty : {true, false}) {
        if (empty)
            fs::resize_file(file, 0);
        else
            fs::remove(file);
        const std::string words = "unusable_store: The database " + file.string() +
                                  " is missing or empty, but its log " + log.string();
        BOOST_TEST(errorText([&] { store::integrityCheck(killed.path()); }).starts_with(words));
        BOOST_TEST(errorText([&] {
                       store::BackupFiles(killed.path(), clock).backup("");
                   }).starts_with(words));
        BOOST_TEST(fs::file_size(log) == bytes);
    }
}

BOOST_FIXTURE_TEST_CASE(a_backup_copied_over_the_database_does_not_take_its_log, KilledStore) {
    const fs::path file = store::databaseFile(killed.path());
    store::BackupFiles(folder.path(), clock).backup((folder.path() / "b.sqlite").string());
    fs::copy_file(folder.path() / "b.sqlite", file, fs::copy_options::overwrite_existing);
    const std::string before = textOf(log);
    const std::string words =
        "unusable_store: The log " + log.string() + " is not of the database " + file.string();
    BOOST_TEST(messageOf(killed.path()).starts_with(words));
    BOOST_TEST(errorText([&] { store::integrityCheck(killed.path()); }).starts_with(words));
    BOOST_TEST((textOf(log) == before));
    fs::remove(log);
    BOOST_TEST(messageOf(killed.path()) == "");
}

BOOST_AUTO_TEST_CASE(a_look_at_an_open_store_keeps_its_locks) {
    const auto held = locksOf(store::databaseFile(folder.path()));
    BOOST_TEST(held > 0);
    store::BackupFiles(folder.path(), clock).backup("");
    BOOST_TEST(store::integrityCheck(folder.path()) == "");
    BOOST_TEST(locksOf(store::databaseFile(folder.path())) == held);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_log_is_kept_before_sqlite_drops_it, KilledStore) {
    const std::string damaged = damage();
    BOOST_TEST(messageOf(killed.path()) == "");
    BOOST_TEST_REQUIRE(logsKept(killed.path()).size() == 1u);
    BOOST_TEST((textOf(logsKept(killed.path()).front()) == damaged));
}

BOOST_FIXTURE_TEST_CASE(a_damaged_log_is_kept_while_another_program_reads, KilledStore) {
    const std::string damaged = damage();
    SQLite::Database other(store::databaseFile(killed.path()).string(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN; SELECT count(*) FROM copies"); // keeps the log
    BOOST_TEST(messageOf(killed.path()) == "");
    BOOST_TEST((textOf(log) != damaged));
    BOOST_TEST_REQUIRE(logsKept(killed.path()).size() == 1u);
    BOOST_TEST((textOf(logsKept(killed.path()).front()) == damaged));
}

BOOST_FIXTURE_TEST_CASE(a_damage_of_the_log_is_told_and_kept_once, KilledStore) {
    damage();
    const Folder again;
    {
        store::Store goes_on(killed.path(), clock, {"mqtt"});
        for (int n = 0; n < 2; ++n)
            goes_on.write([&](Tx& tx) { tx.settings.set("after", std::to_string(n)); });
        copyOpen(killed.path(), again.path());
    }
    BOOST_TEST((store::stateOfLog(store::databaseFile(again.path())) == store::LogState::whole));
    BOOST_TEST(messageOf(again.path()) == "");
    BOOST_TEST(logsKept(again.path()).empty());
}

BOOST_FIXTURE_TEST_CASE(the_damaged_log_of_a_linked_database_is_kept, KilledStore) {
    const std::string damaged = damage();
    const Folder linking;
    fs::create_symlink(store::databaseFile(killed.path()), store::databaseFile(linking.path()));
    BOOST_TEST(messageOf(linking.path()) == "");
    BOOST_TEST_REQUIRE(logsKept(linking.path()).size() == 1u);
    BOOST_TEST((textOf(logsKept(linking.path()).front()) == damaged));
}

BOOST_FIXTURE_TEST_CASE(a_damaged_log_is_kept_where_backups_have_no_folder, KilledStore) {
    const std::string damaged = damage();
    for (const bool link : {false, true}) {
        const Folder other;
        for (const char* ending : {"", "-wal"})
            fs::copy_file(store::databaseFile(killed.path()).string() + ending,
                          store::databaseFile(other.path()).string() + ending);
        if (link) // to a disk that is not there
            fs::create_symlink(other.path() / "disk", other.path() / "backups");
        else
            std::ofstream(other.path() / "backups") << "in the way";
        BOOST_TEST(messageOf(other.path()) == "");
        const fs::path kept = other.path() / "damaged-gatefold-2026-03-01T200107412.sqlite-wal";
        BOOST_TEST((textOf(kept) == damaged));
    }
}

BOOST_FIXTURE_TEST_CASE(a_log_of_zeros_holds_nothing_to_keep, KilledStore) {
    std::ofstream(log, std::ios::trunc) << std::string(4152, '\0');
    BOOST_TEST(messageOf(killed.path()) == "");
    BOOST_TEST(logsKept(killed.path()).empty());
}

BOOST_FIXTURE_TEST_CASE(a_damaged_log_is_not_kept_where_the_start_needs_the_room, KilledStore) {
    damage();
    const Folder disk;
    const auto needed = fs::file_size(store::databaseFile(killed.path())) + fs::file_size(log);
    const std::string size = "size=" + std::to_string(needed + fs::file_size(log) / 2);
    if (::mount("tmpfs", disk.path().c_str(), "tmpfs", 0, size.c_str()) != 0)
        throw Skipped(std::string("mount: ") + std::strerror(errno));
    copyOpen(killed.path(), disk.path());
    BOOST_TEST(messageOf(disk.path()) == "");
    BOOST_TEST(logsKept(disk.path()).empty());
    ::umount2(disk.path().c_str(), MNT_DETACH);
}

/// A log that another program reads stays in use: keeping it as it was takes a copy.
BOOST_FIXTURE_TEST_CASE(a_damaged_log_in_use_is_not_kept_where_its_copy_has_no_room, KilledStore) {
    damage();
    const Folder disk;
    if (::mount("tmpfs", disk.path().c_str(), "tmpfs", 0, "size=8m") != 0)
        throw Skipped(std::string("mount: ") + std::strerror(errno));
    copyOpen(killed.path(), disk.path());
    {
        SQLite::Database other(store::databaseFile(disk.path()).string(), SQLite::OPEN_READWRITE);
        other.exec("BEGIN; SELECT count(*) FROM copies");
        const auto room = fs::file_size(store::databaseFile(disk.path()).string() + "-wal");
        std::ofstream(disk.path() / "filler")
            << std::string(fs::space(disk.path()).available - room, 'f');
        BOOST_TEST(messageOf(disk.path()) == "");
    }
    BOOST_TEST(logsKept(disk.path()).empty());
    ::umount2(disk.path().c_str(), MNT_DETACH);
}

BOOST_AUTO_TEST_CASE(an_interrupted_first_start_is_begun_again) {
    const Folder rest;
    const fs::path file = store::databaseFile(rest.path());
    std::ofstream(file).flush();
    std::ofstream(file.string() + "-journal") << std::string(512, 'j');
    BOOST_TEST(messageOf(rest.path()) == "");
    BOOST_TEST(!fs::exists(file.string() + "-journal"));
}

BOOST_AUTO_TEST_CASE(damage_is_found_after_an_unclean_stop) {
    for (int i = 0; i < 200; ++i)
        put("Artist " + std::to_string(i), "Title");
    store.reset();
    const fs::path file = store::databaseFile(folder.path());
    execute(file,
            "DELETE FROM settings WHERE key = 'store.clean_stop'; PRAGMA wal_checkpoint(TRUNCATE)");
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(fs::file_size(file));
    for (std::streamoff page = 8 * 4096; page < size; page += 4 * 4096) {
        bytes.seekp(page);
        bytes << std::string(200, '\xEE');
    }
    bytes.close();
    BOOST_TEST(messageOf(folder.path()).find("gatefold restore FILE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_used_says_so) {
    const fs::path file = folder.path() / "a-file";
    std::ofstream(file) << "x";
    BOOST_TEST(messageOf(file).find("Cannot write to the data folder") != std::string::npos);
    BOOST_TEST(messageOf(file / "below").find("Cannot write to the data folder") !=
               std::string::npos);
    const fs::path taken = folder.path() / "taken";
    fs::create_directories(store::databaseFile(taken));
    BOOST_TEST(messageOf(taken).find("Cannot open the database") != std::string::npos);
    BOOST_TEST(messageOf(folder.path() / "new" / "deep") == "");
}

BOOST_AUTO_TEST_CASE(a_migration_keeps_a_copy_beside_and_three_of_them) {
    put("A", "B");
    store.reset();
    const fs::path file = store::databaseFile(folder.path());
    for (int round = 0; round < 5; ++round) {
        {
            store::Connection connection(file, store::Connection::Mode::readWrite);
            store::migrate(connection, file, "2026030" + std::to_string(round) + "-120000", colour);
            BOOST_TEST(connection.database().execAndGet("PRAGMA user_version").getInt() ==
                       colour.back().version);
            BOOST_TEST(connection.database().execAndGet("PRAGMA foreign_keys").getInt() == 1);
            BOOST_TEST(connection.database()
                           .execAndGet("SELECT count(colour IS NULL) FROM copies")
                           .getInt() == 1);
        }
        execute(file, "ALTER TABLE copies DROP COLUMN colour; " + setNewest);
        if (round == 3) // a start that was killed at its copy takes the place of no other copy
            std::ofstream(file.string() + ".before-9-20260304-120000.part") << "x";
    }
    const auto copies = copiesIn(folder.path());
    BOOST_TEST(copies.size() == 3u);
    for (const std::string& name : copies)
        BOOST_TEST(!name.ends_with(".part"), name);
    const fs::path copy = folder.path() / copies.at(0);
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(copy)).copies == 1);
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(copy)).schema == store::newestSchema());
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_changes_nothing) {
    put("A", "B");
    store.reset();
    const fs::path file = store::databaseFile(folder.path());
    {
        store::Connection connection(file, store::Connection::Mode::readWrite);
        BOOST_CHECK_THROW(store::migrate(connection, file, "20260301-120000", broken),
                          SQLite::Exception);
    }
    store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"});
    BOOST_TEST(read([](const ReadTx& tx) { return tx.copies.find({1}).has_value(); }));
}

BOOST_AUTO_TEST_CASE(databases_of_every_released_version_are_brought_up_to_date) {
    int seen = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(GATEFOLD_FIXTURES) / "databases")) {
        const Folder old;
        execute(store::databaseFile(old.path()), textOf(entry.path()));
        const store::Store opened(old.path(), clock, {"mqtt"});
        opened.read([](const ReadTx& tx) {
            CopyQuery query;
            query.text = "pastel";
            BOOST_TEST(tx.copies.search(query).items.at(0).artist == "Nina Simone");
            BOOST_TEST(tx.people.byName("Anna").has_value());
            BOOST_TEST(tx.plays.list({}).items.at(0).sides.at(0) == "A");
            BOOST_TEST(tx.scans.list({}).items.at(0).code == "075992731312");
            BOOST_TEST(tx.events.newest() == 2);
        });
        BOOST_TEST(store::integrityCheck(old.path()) == "");
        ++seen;
    }
    BOOST_TEST(seen == releasedSchemas);
}

BOOST_AUTO_TEST_SUITE_END()
