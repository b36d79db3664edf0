#include "catalogue/catalogue_files.hpp"
#include "catalogue/dump_generator.hpp"
#include "catalogue/dump_listing.hpp"
#include "catalogue/dump_server.hpp"
#include "catalogue/progress_file.hpp"
#include "catalogue/updater.hpp"
#include "catalogue/workshop.hpp"
#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

using namespace gatefold;
using namespace gatefold::test;

namespace {

constexpr const char* inWork = "discogs_20260801_releases.xml.gz.part";

struct Store {
    Store() : dump(gzipped(DumpGenerator(3).dump(400))) { server.addDump("20260801", dump); }

    catalogue::UpdateOptions options() {
        catalogue::UpdateOptions out;
        out.catalogue = shop.catalogue();
        out.base_url = server.address();
        out.download.user_agent = "Gatefold/test";
        out.download.first_pause = Millis(1);
        out.download.most_tries = 3;
        return out;
    }
    catalogue::UpdateResult update(const CatalogueWish& wish = {}) {
        return catalogue::Updater(options()).run(wish, {});
    }
    std::string refusal(const CatalogueWish& wish = {}) {
        try {
            update(wish);
        } catch (const Error& error) {
            return error.message();
        }
        return "done";
    }
    std::filesystem::path part() const {
        return catalogue::downloadFolder(shop.catalogue()) / inWork;
    }
    CatalogueInfo info() const { return catalogue::OfflineCatalogue(shop.catalogue()).info(); }

    Workshop shop;
    DumpServer server;
    std::string dump;
};

const std::string inAlbum =
    "<release id=\"5\"><title>A Title (Red)</title><formats><format name=\"Vinyl\"/></formats>"
    "<master_id>113</master_id></release>\n";

std::string mastersOf(const std::string& title) {
    return "<masters>\n<master id=\"113\"><year>2002</year><title>" + title +
           "</title></master>\n</masters>\n";
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_newest_whole_dump_is_fetched_checked_and_used) {
    Store store;
    store.server.addDump("20260701", gzipped(dumpOf(element(1))));
    store.server.addDump("20251201", gzipped(dumpOf(element(1))));
    store.server.addFile("discogs_20260901_releases.xml.gz", "its checksums are not there yet");
    const auto result = store.update();
    BOOST_TEST(result.source == "discogs_20260801_releases.xml.gz");
    BOOST_TEST(result.summary.value().releases_read == 400);
    BOOST_TEST(store.info().dump_date.value() == "2026-08-01");
    BOOST_TEST(!store.info().previous);
    BOOST_TEST(!store.info().in_work.has_value());
    BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
    BOOST_TEST(!store.update().summary.has_value());
    CatalogueWish again;
    again.again = true;
    BOOST_TEST(store.update(again).summary.has_value());
    BOOST_TEST(store.info().previous);
}

BOOST_AUTO_TEST_CASE(a_broken_download_goes_on_where_it_ended) {
    Store store;
    store.server.cutAfter = store.dump.size() / 3;
    BOOST_TEST(store.update().summary.value().releases_read == 400);
    std::string last;
    for (const std::string& key : store.server.asked())
        if (has(key, "_releases.xml.gz"))
            last = key;
    BOOST_TEST(std::stoull(last.substr(last.find('@') + 1)) >= 2 * (store.dump.size() / 3));
}

BOOST_AUTO_TEST_CASE(a_server_without_parts_gives_the_whole_file_again) {
    Store store;
    store.server.partsAreServed = false;
    std::filesystem::create_directories(store.part().parent_path());
    std::ofstream(store.part()) << store.dump.substr(0, 1000);
    BOOST_TEST(store.update().summary.value().releases_read == 400);
}

BOOST_AUTO_TEST_CASE(a_damaged_part_is_fetched_anew) {
    Store store;
    std::filesystem::create_directories(store.part().parent_path());
    std::ofstream(store.part()) << std::string(1000, 'x');
    BOOST_TEST(store.update().summary.value().releases_read == 400);
    std::filesystem::create_directories(store.part().parent_path());
    std::ofstream(store.part()) << store.dump << "longer than the file";
    CatalogueWish again;
    again.again = true;
    BOOST_TEST(store.update(again).summary.value().releases_read == 400);
}

BOOST_AUTO_TEST_CASE(a_wrong_checksum_leaves_the_old_catalogue_and_no_litter) {
    Store store;
    store.shop.buildFrom(dumpOf(element(7)));
    store.server.addFile("discogs_20260801_releases.xml.gz", store.dump + "x");
    BOOST_TEST(has(store.refusal(), "SHA-256"));
    BOOST_TEST(store.info().releases == 1);
    BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(a_dump_that_is_no_releases_dump_leaves_the_old_catalogue) {
    Store store;
    store.shop.buildFrom(dumpOf(element(7)));
    store.server.addDump("20260801", store.dump.substr(0, store.dump.size() / 2));
    BOOST_TEST(store.refusal() != "done");
    store.server.addDump("20260801", gzipped("<html><body>no</body></html>"));
    BOOST_TEST(store.refusal() != "done");
    BOOST_TEST(store.info().releases == 1);
    BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(failures_that_may_pass_are_tried_again) {
    Store store;
    store.server.instead = [](const std::string& key, int nth) {
        if (nth == 1)
            return httpAnswer("503 Service Unavailable", "text/plain", "busy");
        if (nth == 2 && key.ends_with(".gz"))
            return httpAnswer("429 Too Many Requests", "text/plain", "slower");
        return std::string();
    };
    BOOST_TEST(store.update().summary.value().releases_read == 400);
}

BOOST_AUTO_TEST_CASE(failures_that_stay_are_told_and_leave_the_part) {
    Store store;
    std::string status = "500 Internal Server Error";
    store.server.instead = [&](const std::string& key, int) {
        return key.ends_with(".gz") ? httpAnswer(status, "text/plain", "no") : std::string();
    };
    BOOST_TEST(has(store.refusal(), "status 500"));
    status = "403 Forbidden";
    BOOST_TEST(has(store.refusal(), "--file"));
    status = "404 Not Found";
    BOOST_TEST(has(store.refusal(), "does not have the file"));
    status = "302 Found";
    BOOST_TEST(has(store.refusal(), "302"));
    BOOST_TEST(store.server.asked().size() == 4U * 3U + 3U + 3U);
    store.server.instead = [&](const std::string& key, int) {
        return key.ends_with(".gz") ? httpAnswer("200 OK", "text/html", "<html>prove that ...")
                                    : std::string();
    };
    BOOST_TEST(has(store.refusal(), "web page"));
    BOOST_TEST(store.shop.fileNames() == "");
}

BOOST_AUTO_TEST_CASE(lists_that_name_nothing_are_told) {
    Store store;
    store.server.instead = [](const std::string& key, int) {
        return key.ends_with("CHECKSUM.txt") ? httpAnswer("200 OK", "text/plain", "nothing here\n")
                                             : std::string();
    };
    BOOST_TEST(has(store.refusal(), "checksums"));
    store.server.instead = [](const std::string&, int) {
        return httpAnswer("200 OK", "text/html", "<html>closed</html>");
    };
    BOOST_TEST(has(store.refusal(), "names no dump"));
    store.server.instead = [](const std::string&, int) {
        return httpAnswer("200 OK", "text/html", std::string(9 << 20, 'x'));
    };
    BOOST_TEST(has(store.refusal(), "more than a list"));
    auto options = store.options();
    options.base_url = "http://127.0.0.1:9";
    BOOST_CHECK_THROW(catalogue::Updater(options).run({}, {}), Error);
}

BOOST_AUTO_TEST_CASE(a_dump_larger_than_the_disk_is_not_begun) {
    Store store;
    store.server.instead = [](const std::string& key, int) {
        return key.ends_with(".gz")
                   ? std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
                   : std::string();
    };
    BOOST_TEST(has(store.refusal(), "1500.0 GB"));
    BOOST_TEST(store.shop.fileNames() == "");
}

BOOST_AUTO_TEST_CASE(a_disk_that_fills_up_is_told_and_leaves_no_litter) {
    Store store;
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{20'000, 20'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        // The server's threads are not in the child; a file is written all the same.
        try {
            CatalogueWish wish;
            wish.file = "";
            catalogue::Updater(store.options()).run(wish, {});
        } catch (const Error& error) {
            ::_exit(error.code() == ErrorCode::diskFull ? 42 : 1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WEXITSTATUS(status) == 42);
    BOOST_TEST(store.shop.fileNames() == "");
}

BOOST_AUTO_TEST_CASE(an_update_killed_in_the_middle_goes_on_in_the_next_one) {
    Store store;
    const pid_t child = ::fork();
    if (child == 0) {
        auto options = store.options();
        store.server.cutAfter = 0;
        options.downloading = [](std::uint64_t, std::uint64_t) { ::raise(SIGKILL); };
        catalogue::Updater(options).run({}, {});
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WIFSIGNALED(status));
    const auto kept = std::filesystem::file_size(store.part());
    BOOST_TEST(kept > 0U);
    BOOST_TEST(store.update().summary.value().releases_read == 400);
    BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_download_that_hangs) {
    Store store;
    std::stop_source stop;
    auto options = store.options();
    store.server.cutAfter = 1000;
    options.downloading = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); };
    try {
        catalogue::Updater(options).run({}, stop.get_token());
        BOOST_TEST(false);
    } catch (const Error& error) {
        BOOST_TEST((error.code() == ErrorCode::conflict));
    }
    BOOST_TEST(std::filesystem::file_size(store.part()) == 1000U);
}

BOOST_AUTO_TEST_CASE(a_file_of_the_users_is_used_and_stays) {
    Store store;
    CatalogueWish wish;
    wish.file = store.shop.file("discogs_20260301_releases.xml.gz", store.dump);
    wish.all_formats = true;
    const auto result = store.update(wish);
    BOOST_TEST(result.summary.value().releases_kept == 400);
    BOOST_TEST(store.info().dump_date.value() == "2026-03-01");
    BOOST_TEST(store.server.asked().empty());
    BOOST_TEST(std::filesystem::exists(wish.file));
    BOOST_TEST(store.update().summary.value().releases_kept == 400); // all formats, as before
}

BOOST_AUTO_TEST_CASE(the_masters_of_that_day_come_along) {
    Store store;
    store.server.addMasters("20260801", gzipped(mastersOf("A Title")));
    store.server.addDump("20260801", gzipped(dumpOf(inAlbum)));
    const auto result = store.update();
    BOOST_TEST(!result.masters_problem.has_value());
    BOOST_TEST(result.summary.value().masters == 1);
    BOOST_TEST(store.info().masters == 1);
    BOOST_TEST(catalogue::OfflineCatalogue(store.shop.catalogue())
                   .release(5)
                   .value()
                   .master_title.value() == "A Title");
    BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
}

BOOST_AUTO_TEST_CASE(absent_or_bad_masters_are_told_and_stop_nothing) {
    {
        Store store;
        const auto result = store.update();
        BOOST_TEST(result.summary.value().releases_read == 400);
        BOOST_TEST(has(result.masters_problem.value(), "does not have the file"));
    }
    {
        Store store;
        store.server.addMasters("20260801", gzipped(mastersOf("A Title")));
        store.server.addDump("20260801", store.dump);
        store.server.addFile("discogs_20260801_masters.xml.gz", "not what was promised");
        const auto result = store.update();
        BOOST_TEST(result.summary.value().releases_read == 400);
        BOOST_TEST(has(result.masters_problem.value(), "SHA-256"));
        BOOST_TEST(store.shop.fileNames() == "catalogue.db ");
    }
    {
        Store store;
        const std::string masters = mastersOf("A Title");
        store.server.addMasters("20260801", gzipped(masters.substr(0, masters.size() - 4)));
        store.server.addDump("20260801", store.dump);
        const auto result = store.update();
        BOOST_TEST(result.summary.value().releases_read == 400);
        BOOST_TEST(has(result.masters_problem.value(), "cut off"));
        BOOST_TEST(store.info().masters == 0);
        catalogue::Updater updater(store.options());
        CatalogueWish again;
        again.again = true;
        BOOST_TEST(has(updater.update(again, {}), "Albums have no titles: the dump is cut off"));
    }
}

BOOST_AUTO_TEST_CASE(masters_beside_a_file_of_the_users_are_used) {
    Store store;
    CatalogueWish wish;
    wish.file = store.shop.file("discogs_20260301_releases.xml.gz", gzipped(dumpOf(inAlbum)));
    BOOST_TEST(store.update(wish).summary.value().masters == 0);
    store.shop.file("discogs_20260301_masters.xml.gz", gzipped(mastersOf("A Title")));
    BOOST_TEST(store.update(wish).summary.value().masters == 1);
    store.shop.file("discogs_20260301_masters.xml.gz", "");
    const auto result = store.update(wish);
    BOOST_TEST(has(result.masters_problem.value(), "is empty"));
    BOOST_TEST(result.summary.value().releases_kept == 1);
}

BOOST_AUTO_TEST_CASE(lists_of_dumps_are_read) {
    using namespace catalogue;
    BOOST_TEST((yearsIn("?prefix=data%2F2024%2F data/2026/ data/20x6 data%2F2025") ==
                std::vector<std::string>{"2026", "2025", "2024"}));
    BOOST_TEST(newestDumpIn("discogs_20260801_releases.xml.gz discogs_20260701_CHECKSUM.txt "
                            "discogs_20260701_releases.xml.gz discogs_2026080_")
                   .value() == "20260701");
    BOOST_TEST(!newestDumpIn("").has_value());
    const std::string sum(64, 'A');
    BOOST_TEST(checksumOf("b.gz", sum + "  a.gz\r\n" + sum + " *b.gz").value() ==
               std::string(64, 'a'));
    BOOST_TEST(!checksumOf("b.gz", "zz" + sum.substr(2) + " b.gz").has_value());
    BOOST_TEST(!checksumOf("b.gz", sum).has_value());
    BOOST_TEST(dumpDate("discogs_20260801_releases.xml.gz").value() == "2026-08-01");
    BOOST_TEST(!dumpDate("releases.xml").has_value());
}

BOOST_AUTO_TEST_CASE(progress_is_seen_from_outside_until_its_process_ends) {
    const Workshop shop;
    {
        catalogue::ProgressFile file(shop.catalogue(), CataloguePhase::download, 100);
        file.show(300, 500, 7);
        const auto seen = catalogue::progressOf(shop.catalogue()).value();
        BOOST_TEST((seen.phase == CataloguePhase::download));
        BOOST_TEST(seen.share == 0.6);
        BOOST_TEST(seen.releases == 7);
        BOOST_TEST(seen.bytes_per_s > 0);
        BOOST_TEST(seen.seconds_left.has_value());
    }
    BOOST_TEST(shop.fileNames() == "");
    const pid_t child = ::fork();
    if (child == 0) {
        catalogue::ProgressFile file(shop.catalogue(), CataloguePhase::build);
        file.show(1, 2, 3);
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    BOOST_TEST(shop.fileNames() == "catalogue.db.progress ");
    BOOST_TEST(!catalogue::progressOf(shop.catalogue()).has_value());
    shop.file("catalogue.db.progress", "{\"pid\":1}");
    BOOST_TEST(!catalogue::progressOf(shop.catalogue()).has_value());
    catalogue::removeLitter(shop.catalogue());
    BOOST_TEST(shop.fileNames() == "");
}
