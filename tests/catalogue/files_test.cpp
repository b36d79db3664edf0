// Switching over, going back, and what is left after kills and full disks.
#include "catalogue/catalogue_files.hpp"
#include "catalogue/dump_generator.hpp"
#include "catalogue/workshop.hpp"

#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <thread>

using namespace gatefold;
using namespace gatefold::test;

namespace {

std::string titleOfOne(const Workshop& shop) {
    const auto release = catalogue::openCatalogue(shop.catalogue())->release(1);
    return release ? release->title : "none";
}

ErrorCode codeOf(const std::function<void()>& run) {
    try {
        run();
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::internal;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_build_replaces_the_catalogue_and_rollback_brings_the_old_one_back) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1, "first")));
    BOOST_TEST(shop.fileNames() == "catalogue.db ");
    shop.buildFrom(dumpOf(element(1, "second")));
    BOOST_TEST(shop.fileNames() == "catalogue.db catalogue.db.previous ");
    BOOST_TEST(titleOfOne(shop) == "second");
    catalogue::rollback(shop.catalogue());
    BOOST_TEST(titleOfOne(shop) == "first");
    catalogue::rollback(shop.catalogue());
    BOOST_TEST(titleOfOne(shop) == "second");
    std::filesystem::remove(shop.catalogue());
    catalogue::rollback(shop.catalogue());
    BOOST_TEST(titleOfOne(shop) == "first");
    BOOST_TEST((codeOf([&] { catalogue::rollback(shop.catalogue()); }) == ErrorCode::notFound));
    BOOST_TEST(shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(an_open_catalogue_goes_on_with_the_new_file) {
    const Workshop shop;
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST(!lookup->info().present);
    BOOST_TEST(!lookup->release(1).has_value());
    BOOST_TEST(lookup->byText("first", {}, 5).empty());
    shop.buildFrom(dumpOf(element(1, "first")));
    BOOST_TEST(lookup->release(1)->title == "first");
    shop.buildFrom(dumpOf(element(1, "second")));
    BOOST_TEST(lookup->release(1)->title == "second");
    std::filesystem::remove(shop.catalogue());
    BOOST_TEST(!lookup->release(1).has_value());
}

BOOST_AUTO_TEST_CASE(info_says_what_is_installed) {
    const Workshop shop;
    shop.build(std::string(GATEFOLD_SOURCE_DIR) + "/tests/fixtures/dump_small.xml",
               catalogue::Formats::vinyl);
    const CatalogueInfo info = catalogue::openCatalogue(shop.catalogue())->info();
    BOOST_TEST(info.present);
    BOOST_TEST(info.source.value() == "dump_small.xml");
    BOOST_TEST(info.releases == 43);
    BOOST_TEST(!info.all_formats);
    BOOST_TEST(info.built_at.value().ends_with("Z"));
    BOOST_TEST(info.bytes ==
               static_cast<std::int64_t>(std::filesystem::file_size(shop.catalogue())));
}

BOOST_AUTO_TEST_CASE(a_broken_catalogue_is_unavailable_and_says_so) {
    const Workshop shop;
    shop.file("catalogue.db", "this is not SQLite, but long enough to be looked at as if it were");
    const auto lookup = catalogue::openCatalogue(shop.catalogue());
    BOOST_TEST((codeOf([&] { lookup->release(1); }) == ErrorCode::unavailable));
    shop.buildFrom(DumpGenerator(2).dump(2000));
    const std::string whole = contentOf(shop.catalogue());
    for (std::size_t at = 5000; at < whole.size(); at += whole.size() / 60) {
        std::string damaged = whole;
        damaged.replace(at, 64, 64, '\xA5');
        shop.file("catalogue.db", damaged);
        for (std::uint32_t i = 0; i < 2000; i += 251)
            for (const PlantedQuestion& question : DumpGenerator(2).release(i).questions)
                try {
                    lookup->byText(question.query, {}, 5);
                    lookup->byCatno(question.query, {}, 5);
                } catch (const Error& error) {
                    BOOST_TEST((error.code() == ErrorCode::unavailable));
                }
    }
}

BOOST_AUTO_TEST_CASE(a_killed_build_leaves_the_old_catalogue_and_no_litter_after_the_next_start) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1, "old")));
    const auto dump = shop.file("dump.xml.gz", gzipped(DumpGenerator(4).dump(5'000)));
    int killed = 0;
    for (int delay_ms = 0; delay_ms < 160; delay_ms += 10) {
        const pid_t child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            try {
                shop.build(dump);
            } catch (...) {
                ::_exit(1);
            }
            ::_exit(0);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) ? 1 : 0;
        // A start looks like this: openCatalogue removes litter. Whatever happened, a whole
        // catalogue is in place.
        const auto lookup = catalogue::openCatalogue(shop.catalogue());
        const std::string names = shop.fileNames();
        BOOST_TEST((names == "catalogue.db dump.xml.gz " ||
                    names == "catalogue.db catalogue.db.previous dump.xml.gz "),
                   names);
        const std::int64_t releases = lookup->info().releases;
        BOOST_TEST((releases == 1 || releases == 5'000), releases);
    }
    BOOST_TEST(killed > 0);
}

BOOST_AUTO_TEST_CASE(litter_of_a_build_at_work_is_not_touched) {
    const Workshop shop;
    const catalogue::CatalogueFiles files(shop.catalogue());
    const catalogue::BuildLock lock(files);
    catalogue::removeLitter(shop.catalogue());
    BOOST_TEST(shop.fileNames() == "catalogue.db.building ");
    const auto dump = shop.file("dump.xml", dumpOf(element(1)));
    BOOST_TEST((codeOf([&] { shop.build(dump); }) == ErrorCode::conflict));
}

BOOST_AUTO_TEST_CASE(a_full_disk_ends_the_build_and_harms_nothing) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1, "old")));
    const auto dump = shop.file("dump.xml", DumpGenerator(4).dump(5'000));
    // A file size limit stands for the full disk; in a child, because it cannot be raised again.
    for (const rlim_t limit : {rlim_t{0}, rlim_t{20'000}, rlim_t{100'000}, rlim_t{500'000}}) {
        const pid_t child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit bound{limit, limit};
            ::setrlimit(RLIMIT_FSIZE, &bound);
            ::_exit(codeOf([&] { shop.build(dump); }) == ErrorCode::diskFull ? 42 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(WIFEXITED(status));
        BOOST_TEST(WEXITSTATUS(status) == 42, "limit " << limit);
        BOOST_TEST(shop.fileNames() == "catalogue.db dump.xml ");
        BOOST_TEST(titleOfOne(shop) == "old");
    }
}

BOOST_AUTO_TEST_CASE(a_database_of_something_else_is_not_replaced) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1)));
    shop.buildFrom(dumpOf(element(1)));
    const std::string household =
        std::string("SQLite format 3\0", 16) + std::string(52, ' ') + "GFLD" + "the rest";
    shop.file("catalogue.db", household);
    BOOST_TEST((codeOf([&] { shop.buildFrom(dumpOf(element(1))); }) == ErrorCode::invalid));
    BOOST_TEST((codeOf([&] { catalogue::rollback(shop.catalogue()); }) == ErrorCode::invalid));
    BOOST_TEST(contentOf(shop.catalogue()) == household);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_or_a_dump_that_is_missing_is_said) {
    const Workshop shop;
    const auto dump = shop.file("dump.xml", dumpOf(element(1)));
    catalogue::BuildRequest request;
    request.input = dump;
    request.output = shop.path("no") / "such" / "catalogue.db";
    BOOST_TEST((codeOf([&] { catalogue::buildCatalogue(request); }) == ErrorCode::notFound));
    BOOST_TEST((codeOf([&] { shop.build(shop.path("missing.xml")); }) == ErrorCode::notFound));
    BOOST_TEST((codeOf([&] { shop.build(shop.path(".")); }) == ErrorCode::fileAccess));
}

BOOST_AUTO_TEST_CASE(a_build_stops_when_asked_and_tells_its_progress) {
    const Workshop shop;
    const auto dump = shop.file("dump.xml.gz", gzipped(DumpGenerator(4).dump(6'000)));
    catalogue::BuildRequest request;
    request.input = dump;
    request.output = shop.catalogue();
    std::stop_source stop;
    request.stop = stop.get_token();
    catalogue::BuildProgress last;
    request.progress = [&](const catalogue::BuildProgress& progress) { last = progress; };
    catalogue::buildCatalogue(request);
    BOOST_TEST(last.bytes_read == std::filesystem::file_size(dump));
    BOOST_TEST(last.bytes_total == std::filesystem::file_size(dump));
    BOOST_TEST(last.releases == 6'000U);
    request.progress = [&](const catalogue::BuildProgress&) { stop.request_stop(); };
    BOOST_TEST((codeOf([&] { catalogue::buildCatalogue(request); }) == ErrorCode::conflict));
    BOOST_TEST(shop.fileNames() == "catalogue.db dump.xml.gz ");
}

BOOST_AUTO_TEST_CASE(standard_input_is_a_dump_too) {
    const Workshop shop;
    const auto dump = shop.file("dump.xml.gz", gzipped(dumpOf(element(1, "piped"))));
    const int saved = ::dup(STDIN_FILENO);
    const int file = ::open(dump.c_str(), O_RDONLY);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
    shop.build("-");
    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
    BOOST_TEST(titleOfOne(shop) == "piped");
    BOOST_TEST(catalogue::openCatalogue(shop.catalogue())->info().source.value() ==
               "standard input");
}

BOOST_AUTO_TEST_CASE(the_report_goes_when_a_later_build_has_nothing_to_report) {
    const Workshop shop;
    shop.buildFrom(dumpOf(element(1) + element(1)));
    BOOST_TEST(contentOf(shop.path("catalogue.db.skipped.tsv"))
                   .starts_with("offset\trelease_id\treason\n"));
    shop.buildFrom(dumpOf(element(1)));
    BOOST_TEST(shop.fileNames() == "catalogue.db catalogue.db.previous ");
}
