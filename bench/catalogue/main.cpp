// The catalogue's figures: build speed beside reference points on the same file in the same run,
// memory on two sizes, bytes a release, look-up times, and recall of planted answers by class.
#include "reference_points.hpp"

#include "catalogue/builder.hpp"
#include "catalogue/dump_generator.hpp"
#include "catalogue/lookup.hpp"
#include "core/error.hpp"
#include "core/gtin.hpp"

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace gatefold;
using Kind = test::PlantedQuestion::Kind;

namespace {

constexpr std::uint64_t seed = 20260101;

void writeDump(const std::filesystem::path& path, std::uint32_t releases) {
    const gzFile out = gzopen(path.c_str(), "wb6");
    gzbuffer(out, 256 * 1024);
    test::DumpGenerator(seed).write(releases, [&](std::string_view piece) {
        gzwrite(out, piece.data(), static_cast<unsigned>(piece.size()));
    });
    gzclose(out);
}

struct Measured {
    catalogue::BuildSummary summary;
    double peakMegabytes = 0;
};

/// Builds in a process of its own, so that its peak memory is its own.
Measured buildApart(const std::filesystem::path& dump, const std::filesystem::path& out,
                    catalogue::Formats formats) {
    int ends[2];
    if (::pipe(ends) != 0)
        std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        catalogue::BuildRequest request;
        request.input = dump;
        request.output = out;
        request.formats = formats;
        int status = 0;
        try {
            const auto summary = catalogue::buildCatalogue(request);
            status = ::write(ends[1], &summary, sizeof summary) == sizeof summary ? 0 : 1;
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
            status = 1;
        }
        ::_exit(status);
    }
    Measured measured;
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    if (status != 0 ||
        ::read(ends[0], &measured.summary, sizeof measured.summary) != sizeof measured.summary) {
        std::fprintf(stderr, "the build failed\n");
        std::exit(1);
    }
    ::close(ends[0]);
    ::close(ends[1]);
    measured.peakMegabytes = static_cast<double>(usage.ru_maxrss) / 1024;
    return measured;
}

void printPass(const char* name, double bytes, double seconds, double reference) {
    std::printf("  %-44s %7.0f MB/s  %5.2fx gunzip\n", name, bytes / seconds / 1e6,
                bytes / seconds / reference);
}

void printBuild(const char* name, const Measured& measured, double reference) {
    const auto& s = measured.summary;
    printPass(name, static_cast<double>(s.bytes_read), s.seconds, reference);
    std::printf("  %-44s %7.0f releases/s, peak %.0f MB (limit 256), %.0f bytes a kept release\n",
                "", static_cast<double>(s.releases_read) / s.seconds, measured.peakMegabytes,
                static_cast<double>(s.output_bytes) / static_cast<double>(s.releases_kept));
}

/// Where the bytes of the file are, in bytes a release.
void printSizes(const std::filesystem::path& path, double releases) {
    sqlite3* connection = nullptr;
    sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    double apart = 0, total = 0;
    for (const auto& [table, column] :
         std::map<std::string, std::string>{{"block", "facts"},
                                            {"details", "data"},
                                            {"barcode", "entries"},
                                            {"catno", "entries"},
                                            {"runout", "entries"},
                                            {"word", "entries"},
                                            {"vocabulary", "entries"},
                                            {"reversed", "entries"}}) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(connection, ("SELECT sum(length(" + column + ")) FROM " + table).c_str(),
                           -1, &statement, nullptr);
        sqlite3_step(statement);
        const double bytes = sqlite3_column_double(statement, 0) / releases;
        sqlite3_finalize(statement);
        std::printf("    %-12s %6.1f\n", table.c_str(), bytes);
        (table == "details" ? apart : total) += bytes;
    }
    std::printf("    %-12s %6.1f (aim 110), tracklists and identifiers %.1f beside it\n",
                "together", total, apart);
    sqlite3_close(connection);
}

struct Timed {
    std::vector<double> ms;
    int asked = 0, found = 0, first = 0;
    double at(double share) {
        std::sort(ms.begin(), ms.end());
        return ms.empty()
                   ? 0
                   : ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
    }
};

std::vector<Candidate> answer(const catalogue::OfflineCatalogue& lookup,
                              const test::PlantedQuestion& question) {
    switch (question.kind) {
    case Kind::barcode: return lookup.byGtin(gtinKeysOfScan(question.query), {}, 20);
    case Kind::catno: return lookup.byCatno(question.query, {}, 20);
    case Kind::runout: return lookup.byRunout(question.query, {}, 20);
    default: return lookup.byText(question.query, {}, 20);
    }
}

void measureLookups(const std::filesystem::path& path, std::uint32_t releases) {
    const auto lookup = catalogue::openCatalogue(path);
    std::map<std::string, Timed> classes;
    const std::uint32_t step = std::max(1U, releases / 6000);
    for (std::uint32_t i = 0; i < releases; i += step) {
        const auto made = test::DumpGenerator(seed).release(i);
        if (!made.vinyl)
            continue;
        for (const auto& question : made.questions) {
            const auto start = std::chrono::steady_clock::now();
            const auto candidates = answer(*lookup, question);
            const double ms =
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                    .count();
            const auto hit =
                std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
                    return c.release_id == question.release_id;
                });
            Timed& timed = classes[question.name];
            timed.ms.push_back(ms);
            ++timed.asked;
            timed.found += hit != candidates.end() ? 1 : 0;
            timed.first += hit == candidates.begin() && hit != candidates.end() ? 1 : 0;
        }
    }
    std::printf("\nlook-up in %u releases, warm\n  %-36s %6s %7s %7s %8s %8s\n", releases, "class",
                "asked", "recall", "first", "p50 ms", "p99 ms");
    for (auto& [name, timed] : classes)
        std::printf("  %-36s %6d %6.1f%% %6.1f%% %8.3f %8.3f\n", name.c_str(), timed.asked,
                    100.0 * timed.found / timed.asked, 100.0 * timed.first / timed.asked,
                    timed.at(0.5), timed.at(0.99));
}

} // namespace

int main(int argc, char** argv) {
    const auto releases = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 300'000);
    std::string folder =
        (std::filesystem::temp_directory_path() / "gatefold-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
        return 1;
    const std::filesystem::path root = folder;
    const auto dump = root / "dump.xml.gz", small = root / "small.xml.gz",
               vinyl = root / "vinyl.db", all = root / "all.db";
    writeDump(dump, releases);
    writeDump(small, releases / 4);

    const auto plain = bench::gunzip(dump);
    const double reference = static_cast<double>(plain.bytes) / plain.seconds;
    std::printf("catalogue: %u generated releases, %.0f MB of XML, seed %llu\n", releases,
                static_cast<double>(plain.bytes) / 1e6, static_cast<unsigned long long>(seed));
    printPass("plain gunzip (zlib), nothing else", static_cast<double>(plain.bytes), plain.seconds,
              reference);
    const auto inflated = bench::inflateOnly(dump);
    printPass("ISA-L inflate, nothing else", static_cast<double>(inflated.bytes), inflated.seconds,
              reference);
    const auto parsed = bench::expatOnly(dump);
    printPass("ISA-L inflate | expat, stores nothing", static_cast<double>(parsed.bytes),
              parsed.seconds, reference);
    printBuild("build, a quarter of the dump (vinyl)",
               buildApart(small, root / "small.db", catalogue::Formats::vinyl), reference);
    const auto vinylBuild = buildApart(dump, vinyl, catalogue::Formats::vinyl);
    printBuild("build, default (vinyl; aim 250)", vinylBuild, reference);
    printSizes(vinyl, static_cast<double>(vinylBuild.summary.releases_kept));
    printBuild("build, --formats all (aim 170)", buildApart(dump, all, catalogue::Formats::all),
               reference);
    measureLookups(vinyl, releases);
    std::filesystem::remove_all(root);
    return 0;
}
