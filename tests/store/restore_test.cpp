// What `gatefold restore` is given: raw copies with their logs, other schemas, and what is no
// backup.
#include "store/restore.hpp"

#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/migrations.hpp"
#include "tests/store/restore_house.hpp"
#include "tests/support/errors.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(restore_input, RestoreHouse)

BOOST_AUTO_TEST_CASE(a_raw_copy_is_restored_with_what_its_log_holds) {
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(raw)).copies == 5);
    BOOST_TEST(restore(raw).info.copies == 5);
    BOOST_TEST(copies() == 5);
    BOOST_TEST(store::integrityCheck(target.path()) == "");
    // Nothing is made, changed or taken away beside what was given.
    BOOST_TEST((namesIn(given.path()) == std::set<std::string>{"gatefold.db", "gatefold.db-wal"}));
}

BOOST_AUTO_TEST_CASE(what_is_written_while_it_is_copied_is_refused) {
    const auto written = fs::last_write_time(log);
    struct Case {
        fs::path file;
        std::function<void()> write;
    };
    for (const Case& each : std::array<Case, 3>{{
             {raw, [&] { fs::last_write_time(raw, written + std::chrono::milliseconds(1)); }},
             {log, [&] { std::ofstream(log, std::ios::app | std::ios::binary) << "frame"; }},
             {log,
              [&] {
                  flipBit(log, 17); // the salt, as of a log that begins anew
                  fs::last_write_time(log, written);
              }},
         }}) {
        fs::last_write_time(log, written);
        const store::GivenDatabase opened(raw);
        each.write();
        const Folder to;
        BOOST_TEST(errorText([&] { opened.copyTo(to.path() / "copy"); }) ==
                   "unavailable: " + each.file.string() +
                       " was written while it was copied: try again, without the program that "
                       "writes it.");
    }
}

BOOST_AUTO_TEST_CASE(a_cut_log_gives_the_commits_that_are_whole) {
    fs::resize_file(log, fs::file_size(log) - 100);
    const store::Restored restored = restore(raw);
    BOOST_TEST(restored.info.copies == 4);
    BOOST_TEST(copies() == 4);
}

BOOST_AUTO_TEST_CASE(a_log_that_is_garbage_is_refused_with_what_to_do) {
    for (const std::string& bytes : {std::string(5000, 'g'), std::string("short")}) {
        std::ofstream(log, std::ios::binary | std::ios::trunc) << bytes;
        const std::string message = errorText([&] { restore(raw); });
        BOOST_TEST(message.starts_with("invalid: " + log.string() + " is damaged"));
        BOOST_TEST(says(message, "move it away first"));
    }
    BOOST_TEST(namesIn(target.path()).empty());
    const fs::path whole = given.path() / "whole.sqlite";
    store::BackupFiles(folder.path(), clock).backup(whole.string());
    std::ofstream(whole.string() + "-wal").flush(); // empty: nothing is missing
    BOOST_TEST(restore(whole).info.copies == 5);
}

BOOST_AUTO_TEST_CASE(a_log_that_is_damaged_before_its_last_commit_is_refused) {
    const auto bytes = fs::file_size(log);
    const fs::path sound = given.path() / "sound";
    fs::copy_file(log, sound);
    // Version, page size, salt and sum of the head; salt, sum and page of frames.
    for (const std::uintmax_t at :
         {4UL, 10UL, 17UL, 30UL, 32 + 8UL, 32 + 20UL, 32 + 500UL, bytes / 2}) {
        fs::copy_file(sound, log, fs::copy_options::overwrite_existing);
        flipBit(log, at);
        const std::string message = errorText([&] { restore(raw); });
        BOOST_TEST(message.starts_with("invalid: " + log.string() + " is damaged"), at);
    }
    fs::copy_file(sound, log, fs::copy_options::overwrite_existing);
    flipBit(log, bytes - 1); // as a power cut leaves the last commit
    BOOST_TEST(restore(raw).info.copies == 4);
}

BOOST_AUTO_TEST_CASE(what_lies_where_a_log_would_be_is_refused) {
    const std::string journal = raw.string() + "-journal";
    fs::create_directory(journal);
    BOOST_TEST(errorText([&] { restore(raw); }) ==
               "invalid: " + journal + " is no file, and the log of " + raw.string() +
                   " would have this name. To restore without it, move it away first.");
    fs::remove(journal);
    std::ofstream(journal) << std::string(5000, 'g');
    BOOST_TEST(errorText([&] { restore(raw); }).starts_with("invalid: " + journal + " is damaged"));
    std::ofstream(journal, std::ios::trunc) << std::string(5000, '\0'); // is done with
    BOOST_TEST(restore(raw).info.copies == 5);
    const fs::path backup = given.path() / "backup.sqlite";
    store::BackupFiles(folder.path(), clock).backup(backup.string());
    fs::copy_file(log, backup.string() + "-wal");
    BOOST_TEST(
        errorText([&] {
            restore(backup);
        }).starts_with("invalid: " + backup.string() + "-wal is the log of another database"));
}

BOOST_AUTO_TEST_CASE(a_raw_copy_without_its_log_is_told_from_a_backup) {
    const fs::path backup = given.path() / "backup.sqlite";
    store::BackupFiles(folder.path(), clock).backup(backup.string());
    BOOST_TEST(!store::GivenDatabase(backup).lacksLog());
    BOOST_TEST(!store::GivenDatabase(raw).lacksLog());
    restore(raw);
    const store::Restored again = restore(raw); // what is kept has taken its log in
    BOOST_TEST(!store::GivenDatabase(again.replaced).lacksLog());
    BOOST_TEST(copies() == 5); // opened by a daemon, and stopped
    const fs::path closed = store::databaseFile(target.path());
    BOOST_TEST(store::GivenDatabase(closed).lacksLog());
    std::ofstream(closed.string() + "-wal").flush(); // as a quiet minute leaves it
    BOOST_TEST(!store::GivenDatabase(closed).lacksLog());
}

BOOST_AUTO_TEST_CASE(what_is_no_backup_is_refused_before_it_is_copied) {
    const fs::path file = given.path() / "large", other = given.path() / "other.sqlite";
    std::ofstream(file) << "no database";
    fs::resize_file(file, std::uintmax_t{1} << 40);
    SQLite::Database(other.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE recipes (name TEXT)");
    BOOST_TEST(errorText([&] { store::GivenDatabase{file}; }) ==
               "invalid: " + file.string() + " is no readable backup: it is no database.");
    const fs::path copy = given.path() / "copy";
    const store::GivenDatabase unmarked(other); // perhaps with rights that SQLite shall not have
    BOOST_TEST(errorText([&] { unmarked.copyTo(copy); }) ==
               "invalid: " + other.string() + " is no backup of Gatefold.");
    BOOST_TEST(!fs::exists(copy));
    SQLite::Database open(other.string(), SQLite::OPEN_READWRITE); // that may stand in its log
    open.exec("PRAGMA journal_mode = WAL; CREATE TABLE cooks (name TEXT)");
    BOOST_TEST(errorText([&] { restore(other); }) ==
               "invalid: " + other.string() + " is no backup of Gatefold.");
}

BOOST_AUTO_TEST_CASE(a_dump_by_sqlite_is_told_how_to_be_marked) {
    const fs::path file = given.path() / "dump.sqlite";
    store::BackupFiles(folder.path(), clock).backup(file.string());
    const auto set = [&](const std::string& sql) {
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
    };
    const std::string numbers = "PRAGMA application_id = 1195789380; PRAGMA user_version = " +
                                std::to_string(store::newestSchema());
    for (const char* missing : {"PRAGMA application_id = 0", "PRAGMA user_version = 0"}) {
        set(missing);
        const std::string message = errorText([&] { restore(file); });
        BOOST_TEST(message.starts_with("invalid: " + file.string() + " has Gatefold's tables"));
        BOOST_TEST(message.ends_with("Set them: sqlite3 " + file.string() + " '" + numbers + "'"),
                   message);
        set(numbers);
        BOOST_TEST(restore(file).info.copies == 5);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_of_temporary_files_that_is_not_there_is_named) {
    const char* const before = std::getenv("TMPDIR");
    const std::string named = before ? before : "";
    ::setenv("TMPDIR", "/nonexistent", 1);
    const std::string message = errorText([&] { store::verifyBackup(store::GivenDatabase(raw)); });
    before ? ::setenv("TMPDIR", named.c_str(), 1) : ::unsetenv("TMPDIR");
    BOOST_TEST(message.starts_with("file_access: There is no folder for temporary files ("));
    BOOST_TEST(says(message, "let TMPDIR name one that can be written."), message);
}

BOOST_AUTO_TEST_CASE(a_link_finds_the_log_beside_what_it_points_at) {
    const Folder elsewhere;
    fs::create_symlink(raw, elsewhere.path() / "link");
    BOOST_TEST(restore(elsewhere.path() / "link").info.copies == 5);
    BOOST_TEST(copies() == 5);
}

BOOST_AUTO_TEST_CASE(a_backup_with_another_page_size_is_restored) {
    const fs::path large = given.path() / "large.sqlite";
    store::BackupFiles(folder.path(), clock).backup(large.string());
    SQLite::Database(large.string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA page_size = 16384; VACUUM");
    fillTarget();
    BOOST_TEST(restore(large).info.copies == 5);
    BOOST_TEST(copies() == 5);
    SQLite::Database placed(store::databaseFile(target.path()).string());
    BOOST_TEST(placed.execAndGet("PRAGMA page_size").getInt() == 16384);
}

BOOST_AUTO_TEST_CASE(an_older_schema_is_brought_up_to_date_before_it_is_in_place) {
    const fs::path old = given.path() / "old.sqlite";
    std::ostringstream sql;
    sql << std::ifstream(fs::path(GATEFOLD_FIXTURES) / "databases" / "0001.sql").rdbuf();
    SQLite::Database(old.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql.str());
    fillTarget();
    BOOST_TEST(restore(old).info.schema == store::newestSchema());
    BOOST_TEST(
        store::verifyBackup(store::GivenDatabase(store::databaseFile(target.path()))).schema ==
        store::newestSchema());
    const store::Store opened(target.path(), clock, {"mqtt"});
    opened.read([](const ReadTx& tx) { BOOST_TEST(tx.people.byName("Anna").has_value()); });
}

BOOST_AUTO_TEST_CASE(what_is_no_backup_is_told_in_plain_words_and_changes_nothing) {
    fillTarget();
    const auto before = namesIn(target.path());
    const fs::path newer = given.path() / "newer.sqlite", other = given.path() / "other.sqlite",
                   text = given.path() / "text", empty = given.path() / "empty";
    store::BackupFiles(folder.path(), clock).backup(newer.string());
    SQLite::Database(newer.string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    SQLite::Database(other.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE recipes (name TEXT)");
    std::ofstream(text) << "not a database at all, however long this text may be";
    std::ofstream(empty).flush();
    struct Case {
        fs::path file;
        std::string words;
    };
    for (const Case& each : std::array<Case, 7>{{
             {given.path(), "invalid: " + given.path().string() + " is a folder"},
             {"/dev/null", "invalid: /dev/null is no file"},
             {given.path() / "none", "not_found: "},
             {newer, "made by a newer Gatefold (schema 99, this one knows "},
             {other, "is no backup of Gatefold."},
             {text, "is no readable backup"},
             {empty, "is no backup of Gatefold."},
         }}) {
        const std::string message = errorText([&] { restore(each.file); });
        BOOST_TEST(says(message, each.words), each.file.string() + " -> " + message);
        if (each.file == given.path() || !fs::is_regular_file(each.file))
            continue;
        BOOST_TEST(says(errorText([&] { store::verifyBackup(store::GivenDatabase(each.file)); }),
                        each.words));
    }
    BOOST_TEST((namesIn(target.path()) == before));
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(what_the_daemon_cannot_use_is_refused_before_anything_is_replaced) {
    fillTarget();
    const auto before = namesIn(target.path());
    const fs::path file = given.path() / "changed.sqlite";
    struct Case {
        std::string sql, words;
    };
    for (const Case& each : std::array<Case, 9>{{
             {"DROP TABLE decks", "its table decks is missing or was changed."},
             {"DROP TABLE tokens", "its table tokens is missing or was changed."},
             {"DROP TABLE tokens; CREATE VIEW tokens AS SELECT 1", "its table tokens is missing"},
             {"ALTER TABLE scans ADD COLUMN colour TEXT", "its table scans is missing or was"},
             {"CREATE TRIGGER evil AFTER INSERT ON scans BEGIN DELETE FROM copies; END",
              "its trigger evil on scans is not Gatefold's; remove it from the file."},
             {"CREATE TRIGGER evil AFTER INSERT ON Scans BEGIN DELETE FROM copies; END",
              "its trigger evil on scans is not Gatefold's; remove it from the file."},
             {"CREATE TABLE stuck (token INTEGER REFERENCES Tokens(id))",
              "its table stuck, which is not Gatefold's, refers to table tokens; remove it"},
             {"DROP INDEX scans_by_source; CREATE INDEX scans_by_source ON scans(source)",
              "its index scans_by_source is missing or was changed."},
             {"PRAGMA user_version = 4", "its table tokens is missing or was changed."},
         }}) {
        store::BackupFiles(folder.path(), clock).backup(file.string());
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
            .exec("PRAGMA foreign_keys = OFF; " + each.sql);
        const std::string message = errorText([&] { restore(file); });
        BOOST_TEST(message.starts_with("invalid: " + file.string() + " is no usable backup"));
        BOOST_TEST(says(message, each.words), each.sql + " -> " + message);
        BOOST_TEST(errorText([&] { store::verifyBackup(store::GivenDatabase(file)); }) == message);
    }
    BOOST_TEST((namesIn(target.path()) == before));
    BOOST_TEST(copies() == 1);
    store::BackupFiles(folder.path(), clock).backup(file.string());
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec("CREATE TABLE notes (text TEXT)");
    BOOST_TEST(restore(file).info.copies == 5); // a table of its own does no harm
}

BOOST_AUTO_TEST_CASE(rows_that_belong_to_nothing_are_refused) {
    const fs::path file = given.path() / "orphan.sqlite";
    store::BackupFiles(folder.path(), clock).backup(file.string());
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA foreign_keys = OFF; INSERT INTO sign_ins "
              "(person, secret_hash, created_ms, used_ms, expires_ms) VALUES (99, 'x', 1, 1, 1)");
    const std::string message = errorText([&] { restore(file); });
    BOOST_TEST(message ==
               "invalid: " + file.string() + " is damaged: a row of sign_ins belongs to nothing.");
    BOOST_TEST(errorText([&] { store::verifyBackup(store::GivenDatabase(file)); }) == message);
    BOOST_TEST(namesIn(target.path()).empty());
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_names_the_backup) {
    const fs::path old = given.path() / "old.sqlite";
    std::ostringstream sql;
    sql << std::ifstream(fs::path(GATEFOLD_FIXTURES) / "databases" / "0001.sql").rdbuf();
    SQLite::Database database(old.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec(sql.str());
    database.exec("CREATE TABLE copy_covers (id INTEGER)"); // a later migration makes one
    const std::string message = errorText([&] { restore(old); });
    BOOST_TEST(message.starts_with("invalid: " + old.string()), message);
    BOOST_TEST(says(message, "table copy_covers already exists"), message);
}

BOOST_AUTO_TEST_CASE(a_schema_that_another_version_of_sqlite_words_otherwise_is_restored) {
    const fs::path file = given.path() / "quoted.sqlite";
    store::BackupFiles(folder.path(), clock).backup(file.string());
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET "
              "sql = replace(sql, 'CREATE TABLE tokens', 'CREATE TABLE \"tokens\"') "
              "WHERE name = 'tokens'");
    BOOST_TEST(restore(file).info.copies == 5);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_or_has_more_behind_it_is_refused) {
    fillTarget();
    const fs::path whole = given.path() / "whole.sqlite", cut = given.path() / "cut.sqlite";
    store::BackupFiles(folder.path(), clock).backup(whole.string());
    const auto bytes = fs::file_size(whole);
    for (const int by : {-1, -50, -4095, -4096, -8192, 100}) {
        fs::copy_file(whole, cut, fs::copy_options::overwrite_existing);
        fs::resize_file(cut, bytes + static_cast<std::uintmax_t>(by));
        const std::string words = " is damaged: it has " + std::to_string(fs::file_size(cut)) +
                                  " bytes and should have " + std::to_string(bytes);
        BOOST_TEST(says(errorText([&] { restore(cut); }), words));
        BOOST_TEST(says(errorText([&] { store::verifyBackup(store::GivenDatabase(cut)); }), words));
    }
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(the_store_itself_is_no_backup_of_it) {
    fillTarget();
    const std::string message = errorText([&] { restore(store::databaseFile(target.path())); });
    BOOST_TEST(says(message, "is the store itself"));
    BOOST_TEST(copies() == 1);
}

BOOST_AUTO_TEST_CASE(what_a_killed_check_left_is_removed) {
    const Folder killed_check;
    const fs::path left = killed_check.path().parent_path() / "gatefold-verify-killed";
    fs::create_directory(left);
    std::ofstream(left / "database") << "hashes";
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(raw)).copies == 5);
    BOOST_TEST(!fs::exists(left));
}

BOOST_AUTO_TEST_SUITE_END()
