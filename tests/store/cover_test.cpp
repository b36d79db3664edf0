#include "store/backup_check.hpp"
#include "store/backups.hpp"
#include "store/cover_folder.hpp"
#include "store/packed_photos.hpp"
#include "store/restore.hpp"
#include "tests/store/open_store.hpp"

#include <boost/test/unit_test.hpp>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <memory>
#include <sstream>

using namespace gatefold;
using namespace gatefold::test;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> threeFiles{"small", "middle", "large"};

struct CoverHouse : OpenStore {
    CopyId copy = put("Nina Simone", "Pastel Blues");
    ReleaseId release = read([&](const ReadTx& tx) { return tx.copies.find(copy)->release_id; });

    std::string url() {
        return read([&](const ReadTx& tx) { return tx.copies.view(copy)->cover_url; })
            .value_or("none");
    }
    void fromSource(const std::string& hash, std::optional<WallTime> ends_at = std::nullopt) {
        write([&](Tx& tx) {
            tx.covers.setOfRelease(release, {hash, "coverart", clock.wall(), ends_at});
        });
    }
    std::set<std::string> names() {
        std::set<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder.path() / "covers"))
            found.insert(entry.path().filename().string());
        return found;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(covers, CoverHouse)

BOOST_AUTO_TEST_CASE(a_copy_shows_its_own_photo_before_the_releases_cover) {
    BOOST_TEST(url() == "none");
    fromSource("aa");
    BOOST_TEST(url() == "/covers/aa-480.jpg");
    write([&](Tx& tx) { tx.covers.setOfCopy(copy, "bb", clock.wall()); });
    BOOST_TEST(url() == "/covers/bb-480.jpg");
    fromSource("cc"); // a later one from a source does not win either
    BOOST_TEST(url() == "/covers/bb-480.jpg");
    read([&](const ReadTx& tx) {
        BOOST_TEST(tx.covers.shown(release, copy).value_or("none") == "bb");
        BOOST_TEST(tx.covers.shown(release, std::nullopt).value_or("none") == "cc");
        BOOST_TEST(tx.covers.shown(99, std::nullopt).has_value() == false);
        BOOST_TEST(tx.covers.ofRelease(release)->source == "coverart");
        BOOST_TEST((tx.covers.used() == std::set<std::string>{"bb", "cc"}));
        BOOST_TEST(tx.copies.search({}).items.at(0).cover_url.value_or("none") ==
                   "/covers/bb-480.jpg");
    });
    BOOST_TEST(write([&](Tx& tx) { return tx.covers.removeOfCopy(copy); }));
    BOOST_TEST(!write([&](Tx& tx) { return tx.covers.removeOfCopy(copy); }));
    BOOST_TEST(url() == "/covers/cc-480.jpg");
}

BOOST_AUTO_TEST_CASE(a_cover_that_may_not_be_kept_goes_when_its_time_is_over) {
    fromSource("aa", clock.wall() + std::chrono::hours(6));
    clock.advance(std::chrono::hours(5));
    BOOST_TEST(write([&](Tx& tx) { return tx.covers.removeEnded(clock.wall()); }).empty());
    clock.advance(std::chrono::hours(1));
    const auto ended = write([&](Tx& tx) { return tx.covers.removeEnded(clock.wall()); });
    BOOST_TEST((ended == std::vector<ReleaseId>{release}));
    BOOST_TEST(url() == "none");
}

BOOST_AUTO_TEST_CASE(files_are_kept_by_hash_and_size_and_read_back) {
    store::CoverFolder files(folder.path());
    BOOST_TEST(files.read("aa", 480).empty());
    files.keep("aa", threeFiles);
    files.keep("aa", threeFiles); // the same picture once more
    BOOST_TEST((names() == std::set<std::string>{"aa-160.jpg", "aa-480.jpg", "aa-1000.jpg"}));
    BOOST_TEST(files.read("aa", 160) == "small");
    BOOST_TEST(files.read("aa", 480) == "middle");
    BOOST_TEST(files.read("aa", 1000) == "large");
    BOOST_TEST(files.read("bb", 160).empty());
}

BOOST_AUTO_TEST_CASE(files_that_nothing_uses_are_deleted_once_they_are_old) {
    store::CoverFolder files(folder.path());
    BOOST_TEST(files.removeOthers({}, std::chrono::hours(1)) == 0); // no folder yet
    files.keep("aa", threeFiles);
    files.keep("bb", threeFiles);
    std::ofstream(folder.path() / "covers/.cc-160.jpg.a1b2c3") << "half";
    BOOST_TEST(files.removeOthers({"bb"}, std::chrono::hours(1)) == 0);
    for (const std::string& name : names())
        fs::last_write_time(folder.path() / "covers" / name,
                            fs::file_time_type::clock::now() - std::chrono::hours(2));
    BOOST_TEST(files.removeOthers({"bb"}, std::chrono::hours(1)) == 4);
    BOOST_TEST((names() == std::set<std::string>{"bb-160.jpg", "bb-480.jpg", "bb-1000.jpg"}));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_told) {
    std::ofstream(folder.path() / "covers") << "in the way";
    store::CoverFolder files(folder.path());
    BOOST_TEST(throwsCode(ErrorCode::fileAccess, [&] { files.keep("aa", threeFiles); }));
    BOOST_TEST(throwsCode(ErrorCode::fileAccess, [&] { files.read("aa", 160); }));
}

BOOST_AUTO_TEST_CASE(a_backup_goes_without_a_photo_that_cannot_be_read_and_names_it) {
    store::CoverFolder files(folder.path());
    files.keep("bb", threeFiles);
    write([&](Tx& tx) { tx.covers.setOfCopy(copy, "bb", clock.wall()); });
    fs::remove(folder.path() / "covers" / "bb-480.jpg");
    store::BackupFiles backups(folder.path(), clock);
    BOOST_TEST(backups.backup("").lost_photos.empty()); // this one is lost already
    fs::create_directory(folder.path() / "covers" / "bb-480.jpg");
    const MadeBackup made = backups.backup("");
    BOOST_TEST((made.lost_photos == std::vector<std::string>{"bb-480.jpg"}));
    const Folder other;
    const auto restored =
        store::restoreBackup(store::GivenDatabase(made.info.file), other.path(), clock);
    BOOST_TEST(restored.info.copies == 1);
    BOOST_TEST(store::CoverFolder(other.path()).read("bb", 1000) == "large");
    BOOST_TEST(store::CoverFolder(other.path()).read("bb", 480).empty());
}

BOOST_AUTO_TEST_CASE(the_photos_of_a_replaced_store_stay_with_it) {
    const auto without = store::BackupFiles(folder.path(), clock).backup("").info;
    store::CoverFolder files(folder.path());
    files.keep("bb", threeFiles);
    write([&](Tx& tx) { tx.covers.setOfCopy(copy, "bb", clock.wall()); });
    store.reset();
    const auto restored =
        store::restoreBackup(store::GivenDatabase(without.file), folder.path(), clock);
    BOOST_TEST(files.removeOthers({}, std::chrono::seconds(0)) == 0);
    const fs::path backups = folder.path() / "backups", away = folder.path() / "away";
    fs::rename(backups, away);
    std::ofstream(backups) << "not readable now";
    BOOST_TEST(files.removeOthers({}, std::chrono::seconds(0)) == 0);
    fs::remove(backups);
    fs::rename(away, backups);
    fs::remove(restored.replaced);
    BOOST_TEST(files.removeOthers({}, std::chrono::seconds(0)) == 3);
}

/// What is logged in the meantime.
struct Logged {
    Logged() {
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "", std::make_shared<spdlog::sinks::ostream_sink_mt>(text)));
    }
    ~Logged() { spdlog::set_default_logger(before); }
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
};

BOOST_AUTO_TEST_CASE(a_replaced_store_that_keeps_unused_covers_is_named) {
    store::CoverFolder files(folder.path());
    files.keep("bb", threeFiles);
    const fs::path lost = folder.path() / "backups" / "replaced-x.sqlite";
    fs::create_directory(folder.path() / "backups");
    fs::create_symlink(folder.path() / "disk" / "x.sqlite", lost);
    const Logged log;
    BOOST_TEST(files.removeOthers({}, std::chrono::seconds(0)) == 0);
    BOOST_TEST(log.text.str().find("file=" + lost.string()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_backup_brings_the_households_photos_to_another_box) {
    store::CoverFolder files(folder.path());
    files.keep("aa", threeFiles);
    files.keep("bb", threeFiles);
    fromSource("aa");
    write([&](Tx& tx) { tx.covers.setOfCopy(copy, "bb", clock.wall()); });
    const auto made = store::BackupFiles(folder.path(), clock).backup("").info;
    BOOST_TEST(store::verifyBackup(store::GivenDatabase(made.file)).copies == 1);

    const Folder other;
    store::restoreBackup(store::GivenDatabase(made.file), other.path(), clock);
    const store::CoverFolder restored(other.path());
    BOOST_TEST(restored.read("bb", 1000) == "large");
    BOOST_TEST(restored.read("bb", 160) == "small");
    BOOST_TEST(restored.read("aa", 160).empty()); // its source gives it again
    const store::Store opened(other.path(), clock, {});
    opened.read([&](const ReadTx& tx) {
        BOOST_TEST(tx.copies.view(copy)->cover_url.value_or("none") == "/covers/bb-480.jpg");
    });
    BOOST_TEST(store::integrityCheck(other.path()) == "");
}

BOOST_AUTO_TEST_CASE(a_damaged_photo_of_a_backup_replaces_none) {
    store::CoverFolder files(folder.path());
    files.keep("bb", threeFiles);
    write([&](Tx& tx) { tx.covers.setOfCopy(copy, "bb", clock.wall()); });
    const fs::path backup = folder.path() / "b.sqlite";
    store::BackupFiles(folder.path(), clock).backup(backup.string());
    SQLite::Database(backup.string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE packed_photos SET bytes = x'00'");
    fs::remove(folder.path() / "covers" / "bb-160.jpg");
    {
        SQLite::Database other(store::databaseFile(folder.path()).string(), SQLite::OPEN_READWRITE);
        other.exec("BEGIN IMMEDIATE; DELETE FROM copies");
        BOOST_CHECK_THROW(store::restoreBackup(store::GivenDatabase(backup), folder.path(), clock),
                          Error);
    }
    BOOST_TEST((names() == std::set<std::string>{"bb-480.jpg", "bb-1000.jpg"}));
    BOOST_TEST(files.read("bb", 480) == "middle");
    store.reset();
    store::restoreBackup(store::GivenDatabase(backup), folder.path(), clock);
    BOOST_TEST(files.read("bb", 480) == "middle");
    BOOST_TEST(files.read("bb", 160) == std::string(1, '\0')); // nothing better is there
    {
        store::UnpackedPhotos refused(folder.path());
        SQLite::Database packed(backup.string(), SQLite::OPEN_READWRITE);
        fs::remove(folder.path() / "covers" / "bb-160.jpg");
        refused.unpack(packed);
        BOOST_TEST(files.holds("bb-160.jpg"));
    }
    BOOST_TEST((names() == std::set<std::string>{"bb-480.jpg", "bb-1000.jpg"}));
}

BOOST_AUTO_TEST_SUITE_END()
