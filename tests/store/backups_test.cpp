#include "os/file_lock.hpp"
#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/database_file.hpp"
#include "store/migrations.hpp"
#include "store/restore.hpp"
#include "tests/store/open_store.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

namespace {

struct BackupHouse : OpenStore {
    BackupInfo backup(const std::string& path = "") {
        return store::BackupFiles(folder.path(), clock).backup(path).info;
    }
    fs::path restore(const fs::path& file) {
        store.reset();
        const fs::path kept =
            store::restoreBackup(store::GivenDatabase(file), folder.path(), clock).replaced;
        store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"});
        return kept;
    }
    std::int64_t copies() {
        return read([&](const ReadTx& tx) { return tx.copies.counts(clock.wall()).records; });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(backups, BackupHouse)

BOOST_AUTO_TEST_CASE(a_backup_is_made_while_the_store_is_open_and_says_what_it_holds) {
    put("A", "One");
    scan("123");
    const BackupInfo made = backup();
    BOOST_TEST(made.copies == 1);
    BOOST_TEST(made.scans == 1);
    BOOST_TEST(made.schema == store::newestSchema());
    BOOST_TEST(fs::path(made.file).filename().string() == "gatefold-2026-03-01T200107412.sqlite");
    BOOST_TEST(fs::file_size(made.file) == static_cast<std::uintmax_t>(made.bytes));
    BOOST_TEST(
        (fs::status(made.file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
    BOOST_TEST(store::BackupFiles(folder.path(), clock).list().size() == 1u);
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path() / "backups"),
                             fs::directory_iterator()) == 1);
}

BOOST_AUTO_TEST_CASE(a_backup_under_a_given_name_touches_no_other_file) {
    put("A", "One");
    for (const char* name : {"elsewhere", "backups"}) {
        const fs::path into = folder.path() / name;
        fs::create_directory(into);
        std::ofstream(into / "mine.sqlite.part") << "somebody's";
        backup((into / "mine.sqlite").string());
        BOOST_TEST(fs::exists(into / "mine.sqlite.part"), name);
        BOOST_TEST(std::distance(fs::directory_iterator(into), fs::directory_iterator()) == 2);
    }
}

BOOST_AUTO_TEST_CASE(the_folder_of_backups_is_known_under_every_name) {
    const fs::path backups = folder.path() / "backups", link = folder.path() / "link";
    fs::create_directory(backups);
    fs::create_directory_symlink(backups, link);
    for (const fs::path& name : {link, backups / ".", backups / ".." / "backups"}) {
        std::ofstream(backups / ".killed.sqlite.gatefold") << "hashes";
        backup((name / "mine.sqlite").string());
        BOOST_TEST(!fs::exists(backups / ".killed.sqlite.gatefold"), name);
    }
}

BOOST_AUTO_TEST_CASE(an_unfinished_backup_is_never_written_into_a_file_of_another) {
    const fs::path name = folder.path() / ".mine.sqlite.gatefold";
    for (const char* ending : {"", "-wal", "-journal"}) {
        store::UnfinishedDatabase unfinished(name);
        std::ofstream(name.string() + ending) << "not ours";
        SQLite::Database source(store::databaseFile(folder.path()).string());
        BOOST_TEST(throwsCode(ErrorCode::fileAccess, [&] { unfinished.copyFrom(source); }));
    }
}

BOOST_AUTO_TEST_CASE(a_restore_brings_back_the_past_and_keeps_the_present_beside) {
    put("A", "One");
    const BackupInfo made = backup((folder.path() / "mine.sqlite").string());
    put("A", "Two");
    const fs::path kept = restore(made.file);
    BOOST_TEST(copies() == 1);
    BOOST_TEST(store::integrityCheck(folder.path()) == "");
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(kept)).copies == 2);
    BOOST_TEST(store::BackupFiles(folder.path(), clock).list().empty()); // it is no backup
}

BOOST_AUTO_TEST_CASE(what_killed_backups_left_goes_unless_one_is_being_written) {
    const fs::path backups = folder.path() / "backups";
    const auto leave = [&](const char* name) { std::ofstream(backups / name) << "x"; };
    fs::create_directory(backups);
    for (const char* name :
         {"gatefold-2026-01-01T000000000.sqlite.part", ".copied.gatefold", ".mine.sqlite.gatefold",
          "..copied.gatefold.gatefold-journal", "other.part"})
        leave(name);
    const auto left = [&] {
        return std::distance(fs::directory_iterator(backups), fs::directory_iterator());
    };
    {
        const os::FileDescriptor another = os::shareFolder(backups);
        store::removeUnfinishedBackups(folder.path());
        BOOST_TEST(left() == 5);
        backup();
        BOOST_TEST(left() == 6);
    }
    store::removeUnfinishedBackups(folder.path());
    BOOST_TEST(left() == 2); // the backup, and what is not ours
    leave(".gatefold-2026-01-01T000000001.sqlite.gatefold");
    leave(".replaced-gatefold-2026-01-01T000000001.sqlite.a1B2c3");
    backup((folder.path() / "elsewhere.sqlite").string());
    BOOST_TEST(left() == 4);
    clock.advance(Millis(1));
    backup();
    BOOST_TEST(left() == 3);
    BOOST_TEST(fs::exists(backups / "other.part"));
}

BOOST_AUTO_TEST_CASE(numbers_given_after_the_backup_are_not_given_again) {
    const BackupInfo made = backup((folder.path() / "mine.sqlite").string());
    const LocationId printed =
        write([](Tx& tx) { return tx.locations.insert("Shelf", std::nullopt); });
    write([&](Tx& tx) {
        tx.events.append({LogRow::Kind::event, "record_on", "main", "{}", "main"}, clock.wall());
    });
    restore(made.file);
    write([&](Tx& tx) {
        BOOST_TEST(tx.locations.insert("Other", std::nullopt).value == printed.value + 1);
        BOOST_TEST(
            tx.events.append({LogRow::Kind::event, "record_on", "main", "{}", "main"}, clock.wall())
                .seq == 2);
    });
}

BOOST_AUTO_TEST_CASE(a_damaged_database_can_be_replaced) {
    put("A", "One");
    const BackupInfo made = backup((folder.path() / "mine.sqlite").string());
    store.reset();
    std::ofstream(store::databaseFile(folder.path())) << std::string(8192, 'g');
    const fs::path kept = restore(made.file);
    BOOST_TEST(copies() == 1);
    BOOST_TEST(fs::file_size(kept) == 8192u);
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_backup_is_refused_and_changes_nothing) {
    for (int i = 0; i < 100; ++i)
        put("Artist " + std::to_string(i), "Title");
    const fs::path good = backup((folder.path() / "mine.sqlite").string()).file;
    const fs::path cut = folder.path() / "cut.sqlite", text = folder.path() / "text.sqlite",
                   empty = folder.path() / "empty.sqlite";
    fs::copy_file(good, cut);
    fs::resize_file(cut, fs::file_size(cut) / 2);
    std::ofstream(text) << "not a database at all, however long this text may be";
    std::ofstream(empty).flush();
    store.reset();
    for (const fs::path& file : {cut, text, empty})
        BOOST_TEST(throwsCode(ErrorCode::invalid, [&] {
            store::restoreBackup(store::GivenDatabase(file), folder.path(), clock);
        }));
    BOOST_TEST(throwsCode(ErrorCode::notFound,
                          [&] { store::GivenDatabase none(folder.path() / "none"); }));
    store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"});
    BOOST_TEST(copies() == 100);
}

BOOST_AUTO_TEST_CASE(a_backup_into_a_place_that_cannot_be_is_an_error) {
    std::ofstream(folder.path() / "file") << "x";
    BOOST_CHECK_THROW(backup((folder.path() / "file" / "b.sqlite").string()), Error);
}

BOOST_AUTO_TEST_SUITE_END()
