#include "open_store.hpp"
#include "store/answer_file.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sqlite3.h>
#include <sys/stat.h>

using namespace gatefold;
using namespace gatefold::store;

namespace {

WallTime at(int ms) {
    return WallTime(Millis(1'772'395'267'412 + ms));
}

KeptAnswer answer(std::string body, int fetched_ms = 0, int kept_ms = 1'000) {
    return {std::move(body), at(fetched_ms), at(fetched_ms + kept_ms)};
}

std::filesystem::path fileIn(const test::Folder& folder) {
    return folder.path() / "answers.db";
}

void run(const std::filesystem::path& file, const char* sql) {
    sqlite3* db = nullptr;
    BOOST_REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

} // namespace

BOOST_AUTO_TEST_SUITE(answer_file)

BOOST_AUTO_TEST_CASE(answers_outlive_the_process_byte_for_byte) {
    const test::Folder folder;
    const std::string body("{\"title\":\"S\xC3\xADn\"}\0\xFF", 19);
    {
        AnswerFile file(folder.path());
        file.keep("discogs", "/releases/1", answer(body, 7));
    }
    AnswerFile file(folder.path());
    const auto kept = file.find("discogs", "/releases/1");
    BOOST_REQUIRE(kept.has_value());
    BOOST_TEST(kept->body == body);
    BOOST_TEST((kept->fetched_at == at(7)));
    BOOST_TEST((kept->ends_at == at(1'007)));
    BOOST_TEST(!file.find("musicbrainz", "/releases/1").has_value());
    BOOST_TEST(!file.find("discogs", "/releases/2").has_value());
}

BOOST_AUTO_TEST_CASE(a_newer_answer_replaces_the_older) {
    const test::Folder folder;
    AnswerFile file(folder.path());
    file.keep("discogs", "a", answer("1"));
    file.keep("discogs", "a", answer("2", 5));
    BOOST_TEST(file.find("discogs", "a")->body == "2");
    BOOST_TEST((file.find("discogs", "a")->ends_at == at(1'005)));
}

BOOST_AUTO_TEST_CASE(what_came_to_its_end_is_forgotten) {
    const test::Folder folder;
    AnswerFile file(folder.path());
    file.keep("discogs", "short", answer("1", 0, 100));
    file.keep("musicbrainz", "long", answer("2", 0, 101));
    file.keep("discogs", "ahead", answer("3", 101, 100));
    file.forgetEnded(at(100));
    BOOST_TEST(!file.find("discogs", "short").has_value());
    BOOST_TEST(file.find("musicbrainz", "long")->body == "2");
    BOOST_TEST(!file.find("discogs", "ahead").has_value());
}

BOOST_AUTO_TEST_CASE(the_size_is_bounded_and_the_oldest_go) {
    const test::Folder folder;
    AnswerFile file(folder.path(), 10'000);
    const std::string body(2'500, 'x');
    file.keep("discogs", "c", answer(body, 3));
    file.keep("discogs", "a", answer(body, 1));
    file.keep("discogs", "b", answer(body, 2));
    BOOST_TEST(file.find("discogs", "a").has_value());
    file.keep("discogs", "d", answer(body, 4));
    BOOST_TEST(!file.find("discogs", "a").has_value());
    for (const char* kept : {"b", "c", "d"})
        BOOST_TEST(file.find("discogs", kept).has_value(), kept);
    file.keep("discogs", "large", answer(std::string(20'000, 'x'), 5));
    BOOST_TEST(!file.find("discogs", "large").has_value());
    BOOST_TEST(file.find("discogs", "b").has_value());
}

BOOST_AUTO_TEST_CASE(nothing_is_written_before_something_is_kept) {
    const test::Folder folder;
    AnswerFile file(folder.path());
    file.forgetEnded(at(0));
    BOOST_TEST(!std::filesystem::exists(fileIn(folder)));
}

BOOST_AUTO_TEST_CASE(only_the_service_can_read_it) {
    const test::Folder folder;
    AnswerFile file(folder.path());
    file.keep("discogs", "a", answer("1"));
    struct stat facts {};
    BOOST_REQUIRE(::stat(fileIn(folder).c_str(), &facts) == 0);
    BOOST_TEST((facts.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_made_anew) {
    const test::Folder folder;
    std::ofstream(fileIn(folder)) << std::string(8'192, '?');
    AnswerFile file(folder.path());
    BOOST_TEST(!file.find("discogs", "a").has_value());
    file.keep("discogs", "a", answer("1"));
    BOOST_TEST(file.find("discogs", "a")->body == "1");
}

BOOST_AUTO_TEST_CASE(a_file_of_another_version_is_made_anew) {
    const test::Folder folder;
    run(fileIn(folder), "CREATE TABLE answers(something); PRAGMA user_version = 99;");
    AnswerFile file(folder.path());
    file.keep("discogs", "a", answer("1"));
    BOOST_TEST(file.find("discogs", "a")->body == "1");
}

BOOST_AUTO_TEST_CASE(a_log_whose_file_was_deleted_or_exchanged_is_given_up) {
    const test::Folder folder;
    AnswerFile open(folder.path());
    open.keep("discogs", "a", answer("1"));
    const auto log = fileIn(folder).string() + "-wal";
    BOOST_TEST(std::filesystem::file_size(log) > 0u);
    for (const std::string left : {"nothing", "an empty file", "another file"}) {
        const test::Folder killed;
        if (left == "an empty file")
            std::ofstream(fileIn(killed)).flush();
        if (left == "another file")
            run(fileIn(killed), "CREATE TABLE answers(something); PRAGMA user_version = 99;");
        std::filesystem::copy_file(log, fileIn(killed).string() + "-wal");
        AnswerFile file(killed.path());
        file.keep("discogs", "b", answer("2"));
        BOOST_TEST_REQUIRE(file.find("discogs", "b").has_value(), left);
        BOOST_TEST(file.find("discogs", "b")->body == "2");
        BOOST_TEST(!file.find("discogs", "a").has_value());
    }
}

BOOST_AUTO_TEST_CASE(without_a_place_to_write_nothing_is_kept_and_nobody_harmed) {
    AnswerFile file("/nowhere/at/all");
    file.keep("discogs", "a", answer("1"));
    BOOST_TEST(!file.find("discogs", "a").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
