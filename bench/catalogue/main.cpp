// The catalogue's figures: build speed beside reference points on the same file in the same run,
// memory on two sizes, bytes a release, look-up times warm and cold, and recall and precision of
// planted answers by class. One argument: how many releases to make (300,000 when missing). With
// "lookups" behind it the dump goes through a pipe, nothing of it to the disk, and only the
// look-ups are measured: that shows a catalogue of all of Discogs (19341287) as it is.
#include "reference_points.hpp"

#include "catalogue/builder.hpp"
#include "catalogue/dump_generator.hpp"
#include "catalogue/lookup.hpp"
#include "core/error.hpp"
#include "core/gtin.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
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

/// Writes a dump into a pipe from a process of its own; the reading end becomes standard input.
pid_t dumpToStandardInput(std::uint32_t releases) {
    int ends[2];
    if (::pipe(ends) != 0)
        std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        std::string pieces;
        const auto flush = [&] {
            for (std::size_t done = 0; done < pieces.size();) {
                const ssize_t count = ::write(ends[1], pieces.data() + done, pieces.size() - done);
                if (count <= 0)
                    ::_exit(1);
                done += static_cast<std::size_t>(count);
            }
            pieces.clear();
        };
        test::DumpGenerator(seed).write(
            releases,
            [&](std::string_view piece) {
                pieces += piece;
                if (pieces.size() > (1U << 20))
                    flush();
            },
            true);
        flush();
        ::_exit(0);
    }
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    return child;
}

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

struct Part {
    const char* table;
    const char* group;
};
constexpr Part parts[] = {{"block", "default"},        {"barcode", "default"},
                          {"catno", "default"},        {"runout", "default"},
                          {"word", "text search"},     {"vocabulary", "text search"},
                          {"reversed", "text search"}, {"details", "tracklists"}};

/// Where the bytes of the file are, whole pages counted (SQLite's dbstat), in bytes a release.
void printSizes(const std::filesystem::path& path, double releases) {
    sqlite3* connection = nullptr;
    sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    std::map<std::string, double> groups;
    for (const Part& part : parts) {
        sqlite3_stmt* statement = nullptr;
        // With the index of the first keys of the pages.
        sqlite3_prepare_v2(connection,
                           "SELECT sum(pgsize) FROM dbstat WHERE name IN (?1, ?1 || '_first')", -1,
                           &statement, nullptr);
        sqlite3_bind_text(statement, 1, part.table, -1, SQLITE_STATIC);
        sqlite3_step(statement);
        const double bytes = sqlite3_column_double(statement, 0) / releases;
        sqlite3_finalize(statement);
        std::printf("    %-12s %6.1f  (%s)\n", part.table, bytes, part.group);
        groups[part.group] += bytes;
    }
    std::printf("    vinyl default, text search and tracklists apart: %.1f bytes a release (aim "
                "110)\n    text search %.1f, tracklists, identifiers and genres %.1f\n",
                groups["default"], groups["text search"], groups["tracklists"]);
    sqlite3_close(connection);
}

struct Timed {
    std::vector<double> ms;
    int asked = 0, found = 0, first = 0, returned = 0;
    double at(double share) {
        std::sort(ms.begin(), ms.end());
        return ms.empty()
                   ? 0
                   : ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
    }
};
using Classes = std::map<std::string, Timed>;

std::vector<Candidate> answer(const catalogue::OfflineCatalogue& lookup,
                              const test::PlantedQuestion& question) {
    switch (question.kind) {
    case Kind::barcode: return lookup.byGtin(gtinKeysOfScan(question.query), {}, 20);
    case Kind::catno: return lookup.byCatno(question.query, {}, 20);
    case Kind::runout: return lookup.byRunout(question.query, {}, 20);
    default: return lookup.byText(question.query, {}, 20);
    }
}

/// Drops the file's pages out of the system's cache.
void forget(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
}

void ask(const catalogue::OfflineCatalogue& lookup, const test::PlantedQuestion& question,
         Timed& timed) {
    const auto start = std::chrono::steady_clock::now();
    const auto candidates = answer(lookup, question);
    timed.ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    const auto hit = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
        return c.release_id == question.release_id;
    });
    ++timed.asked;
    timed.returned += static_cast<int>(candidates.size());
    timed.found += hit != candidates.end() ? 1 : 0;
    timed.first += hit == candidates.begin() && hit != candidates.end() ? 1 : 0;
}

/// Asks for about `wanted` releases spread over the dump, all their questions. Cold: each question
/// with a fresh connection and none of the file's pages in memory.
Classes askAll(const std::filesystem::path& path, std::uint32_t releases, std::uint32_t wanted,
               bool cold) {
    auto lookup = catalogue::openCatalogue(path);
    Classes classes;
    const std::uint32_t step = std::max(1U, releases / wanted);
    for (std::uint32_t i = 0; i < releases; i += step) {
        const auto made = test::DumpGenerator(seed).release(i);
        if (!made.vinyl)
            continue;
        for (const auto& question : made.questions) {
            if (cold) {
                lookup = catalogue::openCatalogue(path);
                forget(path);
            }
            ask(*lookup, question, classes[question.name]);
        }
    }
    return classes;
}

bool isText(const std::string& name) {
    return name == "artist and title" || name == "one typo" || name == "words in another order";
}

/// To `all` releases from the times at a quarter and the whole of `releases`: text grows with the
/// number of releases (a + b N), keys with the depth of a tree (a + b log N). Never below the
/// larger measurement.
double extrapolated(const std::string& name, double quarter, double whole, double releases,
                    double all) {
    const double growth = isText(name) ? (whole - quarter) / (0.75 * releases) * (all - releases)
                                       : (whole - quarter) / 2 * std::log2(all / releases);
    return whole + std::max(0.0, growth);
}

void printLookups(Classes& quarter, Classes& whole, Classes& cold, std::uint32_t releases) {
    constexpr double allReleases = 19'341'287; // the 2026-08 dump
    std::printf("\nlook-up in %u releases of which half are kept, milliseconds; precision: right "
                "ones of all that were returned (at most 20 a question)\n"
                "  %-34s %6s %7s %6s %6s | %7s %7s %7s | %7s %7s | %9s %9s\n",
                releases, "class", "asked", "recall", "first", "prec.", "warm50", "95", "99",
                "cold50", "99", "19M: 95", "99");
    for (auto& entry : whole) { // no structured binding: clang 14 does not capture one
        const std::string& name = entry.first;
        Timed& timed = entry.second;
        Timed& before = quarter[name];
        Timed& first = cold[name];
        const auto far = [&](double share) {
            return extrapolated(name, before.at(share), timed.at(share), releases, allReleases);
        };
        std::printf("  %-34s %6d %6.1f%% %5.1f%% %5.1f%% | %7.3f %7.3f %7.3f | %7.2f %7.2f | "
                    "%9.2f %9.2f\n",
                    name.c_str(), timed.asked, 100.0 * timed.found / timed.asked,
                    100.0 * timed.first / timed.asked,
                    timed.returned == 0 ? 0 : 100.0 * timed.found / timed.returned, timed.at(0.5),
                    timed.at(0.95), timed.at(0.99), first.at(0.5), first.at(0.99), far(0.95),
                    far(0.99));
    }
    if (&quarter == &whole) {
        std::printf("  19M: not extrapolated in this run\n");
        return;
    }
    std::printf("  19M: extrapolated to 19,341,287 releases from a quarter and the whole of this "
                "dump: text a + b N, keys a + b log N\n");
}

/// The look-ups alone, in a catalogue whose dump never was on the disk.
int measureLookups(const std::filesystem::path& root, std::uint32_t releases) {
    const auto vinyl = root / "vinyl.db";
    const pid_t generator = dumpToStandardInput(releases);
    const auto built = buildApart("-", vinyl, catalogue::Formats::vinyl);
    int status = 0;
    ::waitpid(generator, &status, 0);
    std::printf("catalogue: %lld releases kept of %u generated ones (seed %llu), peak %.0f MB, "
                "%.0f s\n",
                static_cast<long long>(built.summary.releases_kept), releases,
                static_cast<unsigned long long>(seed), built.peakMegabytes, built.summary.seconds);
    printSizes(vinyl, static_cast<double>(built.summary.releases_kept));
    auto whole = askAll(vinyl, releases, 6000, false);
    auto cold = askAll(vinyl, releases, 300, true);
    printLookups(whole, whole, cold, releases);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const auto releases = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 300'000);
    std::string folder =
        (std::filesystem::temp_directory_path() / "gatefold-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
        return 1;
    const std::filesystem::path root = folder;
    if (argc > 2 && std::string_view(argv[2]) == "lookups") {
        const int status = measureLookups(root, releases);
        std::filesystem::remove_all(root);
        return status;
    }
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
    auto quarter = askAll(root / "small.db", releases / 4, 6000, false);
    auto whole = askAll(vinyl, releases, 6000, false);
    auto cold = askAll(vinyl, releases, 300, true);
    printLookups(quarter, whole, cold, releases);
    std::filesystem::remove_all(root);
    return 0;
}
