#include "app/catalogue_search.hpp"
#include "catalogue/builder.hpp"
#include "catalogue/catalogue_files.hpp"
#include "catalogue/lookup.hpp"
#include "catalogue/low_priority.hpp"
#include "catalogue/updater.hpp"
#include "cli/commands.hpp"
#include "core/error.hpp"
#include "house/house.hpp"
#include "house/own_files.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace gatefold::cli {

namespace {

namespace fs = std::filesystem;

struct BuildOptions {
    std::string dump, out, formats = "vinyl", masters;
    unsigned jobs = 0;
};

struct UpdateChoice {
    std::string file, formats;
    bool again = false;
};

struct LookupOptions {
    std::string catalogue;
    CatalogueQuestion question;
};

/// One line that writes over itself, on a terminal only.
class ProgressBar {
public:
    void show(std::uint64_t bytes, std::uint64_t total) {
        if (::isatty(STDERR_FILENO) == 0)
            return;
        const double seconds = secondsSince(began_);
        if (first_ == 0)
            first_ = bytes;
        const double rate = static_cast<double>(bytes - first_) / std::max(seconds, 0.001);
        std::fprintf(stderr, "\r\033[Kfetching, %.1f %% of %.1f GB, %.1f MB/s, %.0f s left",
                     100 * static_cast<double>(bytes) / static_cast<double>(total),
                     static_cast<double>(total) / 1e9, rate / 1e6,
                     rate > 0 ? static_cast<double>(total - bytes) / rate : 0);
        std::fflush(stderr);
        shown_ = true;
    }
    void show(const catalogue::BuildProgress& progress) {
        if (::isatty(STDERR_FILENO) == 0)
            return;
        if (progress.bytes_read < last_read_ || last_read_ == 0)
            began_ = std::chrono::steady_clock::now(); // a build begins behind a download
        last_read_ = progress.bytes_read;
        const double seconds = std::max(secondsSince(began_), 0.001);
        std::fprintf(stderr, "\r\033[K%s releases",
                     thousands(static_cast<std::int64_t>(progress.releases)).c_str());
        if (progress.bytes_total > 0 && progress.bytes_read > 0) {
            const double share = static_cast<double>(progress.bytes_read) /
                                 static_cast<double>(progress.bytes_total);
            std::fprintf(stderr, ", %.1f %%, %.1f MB/s of the file, %.0f s left", share * 100,
                         static_cast<double>(progress.bytes_read) / 1e6 / seconds,
                         seconds / share - seconds);
        }
        std::fflush(stderr);
        shown_ = true;
    }
    ~ProgressBar() {
        if (shown_)
            std::fprintf(stderr, "\r\033[K");
    }

private:
    static double secondsSince(std::chrono::steady_clock::time_point began) {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::uint64_t first_ = 0, last_read_ = 0;
    bool shown_ = false;
};

fs::path outputOf(Context& context, const std::string& given) {
    fs::path configured = context.catalogue(); // the command is the store's owner from here on
    if (!given.empty() && !house::samePlace(given, configured))
        return context.output(given);
    std::error_code exists_or_told_later;
    fs::create_directories(configured.parent_path(), exists_or_told_later);
    return configured;
}

Exit build(Context& context, const BuildOptions& options) {
    ProgressBar bar;
    catalogue::BuildRequest request;
    request.input = options.dump;
    request.output = outputOf(context, options.out);
    request.formats =
        options.formats == "all" ? catalogue::Formats::all : catalogue::Formats::vinyl;
    if (!options.masters.empty())
        request.masters = options.masters;
    request.jobs = options.jobs;
    request.progress = [&](const catalogue::BuildProgress& progress) { bar.show(progress); };
    const catalogue::BuildSummary summary = catalogue::buildCatalogue(request);
    context.show(json::parse(json::write(summary)), [&] {
        std::printf("Built %s from %s releases in %.1f s: %s kept, %s left out.\n",
                    request.output.c_str(), thousands(summary.releases_read).c_str(),
                    summary.seconds, thousands(summary.releases_kept).c_str(),
                    thousands(summary.releases_skipped).c_str());
        std::printf("%s barcodes, %s catalogue numbers, %s runouts, %.1f MB.\n",
                    thousands(summary.barcodes).c_str(), thousands(summary.catnos).c_str(),
                    thousands(summary.runouts).c_str(),
                    static_cast<double>(summary.output_bytes) / 1e6);
        if (summary.releases_skipped > 0)
            std::printf("What was left out: %s\n",
                        catalogue::CatalogueFiles(request.output).report.c_str());
    });
    return Exit::done;
}

void printCandidate(const Candidate& c) {
    std::cout << c.artist << " – " << c.title;
    if (c.year)
        std::cout << " (" << *c.year << ")";
    std::cout << "\n    ";
    for (const LabelCatno& label : c.labels)
        std::cout << label.name << " " << label.catno << ", ";
    std::cout << c.country.value_or("country not known");
    for (const Format& format : c.formats) {
        std::cout << ", " << format.quantity << " x " << format.name;
        for (const std::string& description : format.descriptions)
            std::cout << " " << description;
        if (!format.text.empty())
            std::cout << " (" << format.text << ")";
    }
    std::cout << "\n    release " << c.release_id << ", " << nameOf(c.match) << ": " << c.why
              << '\n';
}

Exit update(Context& context, const UpdateChoice& choice) {
    ProgressBar bar;
    catalogue::UpdateOptions options = house::updateOptions(context.settings());
    options.catalogue = outputOf(context, "");
    options.downloading = [&](std::uint64_t bytes, std::uint64_t total) { bar.show(bytes, total); };
    options.building = [&](const catalogue::BuildProgress& progress) { bar.show(progress); };
    CatalogueWish wish;
    wish.file = choice.file;
    wish.again = choice.again;
    if (!choice.formats.empty())
        wish.all_formats = choice.formats == "all";
    catalogue::yieldToOthers();
    const auto result = catalogue::Updater(options).run(wish, {});
    context.show(json::parse(json::write(result)), [&] {
        if (result.summary)
            std::printf("%s is in use: %s releases, %s left out.\n", result.source.c_str(),
                        thousands(result.summary->releases_kept).c_str(),
                        thousands(result.summary->releases_skipped).c_str());
        else
            std::printf("%s is in use already.\n", result.source.c_str());
        if (result.masters_problem)
            std::printf("Albums have no titles and years: %s\n", result.masters_problem->c_str());
    });
    return Exit::done;
}

Exit lookup(Context& context, const LookupOptions& options) {
    if (!options.catalogue.empty() && !fs::exists(options.catalogue))
        throw Error(ErrorCode::notFound, "There is no catalogue at " + options.catalogue + ".");
    const auto catalogue = catalogue::openCatalogue(
        options.catalogue.empty() ? context.catalogue() : fs::path(options.catalogue));
    const CatalogueAnswer answer = askCatalogue(*catalogue, options.question, {});
    context.show(json::parse(json::write(answer), {.max_bytes = 64U << 20}), [&] {
        for (const Candidate& candidate : answer.releases)
            printCandidate(candidate);
        if (answer.releases.empty())
            std::cout
                << "Nothing found"
                << (catalogue->info().present
                        ? "."
                        : ": no catalogue is installed. `gatefold catalogue build` makes one.")
                << '\n';
    });
    return Exit::done;
}

Exit info(Context& context) {
    const CatalogueInfo info = catalogue::openCatalogue(context.catalogue())->info();
    context.show(json::parse(json::write(info)), [&] {
        if (!info.present) {
            std::cout << "No catalogue at " << info.path
                      << ". Build one: gatefold catalogue build discogs_YYYYMMDD_releases.xml.gz\n";
            return;
        }
        std::cout << info.path << "\n    built " << info.built_at.value_or("?") << " from "
                  << info.source.value_or("?") << "\n    " << thousands(info.releases)
                  << " releases" << (info.all_formats ? ", all formats" : ", vinyl and shellac")
                  << ", " << thousands(info.barcodes) << " barcodes, " << thousands(info.catnos)
                  << " catalogue numbers, " << thousands(info.runouts) << " runouts, "
                  << thousands(info.bytes) << " bytes\n";
        if (info.masters > 0)
            std::cout << "    titles and years of " << thousands(info.masters) << " albums\n";
        if (info.dump_date)
            std::cout << "    dump of " << *info.dump_date << '\n';
        if (info.previous)
            std::cout << "    `gatefold catalogue rollback` goes back to the one before\n";
        if (info.in_work)
            std::printf("    a new one is in work: %s, %.0f %%\n",
                        std::string(nameOf(info.in_work->phase)).c_str(),
                        100 * info.in_work->share);
    });
    return Exit::done;
}

Exit rollBack(Context& context) {
    catalogue::rollback(context.catalogue());
    return info(context);
}

Command buildCommand(Context& context) {
    auto options = std::make_shared<BuildOptions>();
    return {.name = "build",
            .help = "builds it from a Discogs releases dump, beside the old one, and switches over "
                    "whole",
            .options = {{.name = "DUMP",
                         .target = &options->dump,
                         .help = "discogs_YYYYMMDD_releases.xml[.gz], or - for standard input",
                         .required = true},
                        {.name = "--out",
                         .target = &options->out,
                         .help = "the catalogue to write (default: the configured one)",
                         .value_name = "FILE"},
                        {.name = "--formats",
                         .target = &options->formats,
                         .help = "vinyl (with shellac) or all",
                         .default_shown = true,
                         .choices = {"vinyl", "all"}},
                        {.name = "--masters",
                         .target = &options->masters,
                         .help = "the masters dump, for titles and years of albums",
                         .value_name = "FILE"},
                        {.name = "--jobs",
                         .target = &options->jobs,
                         .help = "parsing threads (default: one a core)",
                         .value_name = "N",
                         .range = command_line::Range{0, 64}}},
            .run = [&context, options] { return build(context, *options); }};
}

Command lookupCommand(Context& context) {
    auto options = std::make_shared<LookupOptions>();
    CatalogueQuestion& question = options->question;
    const auto key = [](const char* name, std::string& target, const char* help) {
        return command_line::Option{
            .name = name, .target = &target, .help = help, .excludes = {"WORDS"}};
    };
    return {.name = "lookup",
            .help = "finds releases by what is printed, scratched or written on them",
            .options = {{.name = "--catalogue",
                         .target = &options->catalogue,
                         .help = "a catalogue file (default: the configured one)",
                         .value_name = "FILE"},
                        {.name = "WORDS",
                         .target = &question.q,
                         .help = "whatever stands on the record; instead of the options below"},
                        {.name = "--country",
                         .target = &question.country,
                         .help = "pressed for it: name or two letters"},
                        {.name = "--year", .target = &question.year, .help = "of the release"},
                        {.name = "--limit",
                         .target = &question.limit,
                         .help = "releases at most",
                         .default_shown = true,
                         .range = command_line::Range{1, 1000}}},
            .groups = {{.name = "by",
                        .help = "one or more, which all have to fit",
                        .options = {key("--barcode", question.barcode, "a code as read or typed"),
                                    key("--catno", question.catno, "a catalogue number"),
                                    key("--runout", question.runout, "matrix / runout"),
                                    key("--text", question.text, "artist and title")}}},
            .missing =
                [options] {
                    const CatalogueQuestion& asked = options->question;
                    const bool nothing = asked.q.empty() && asked.barcode.empty() &&
                                         asked.catno.empty() && asked.runout.empty() &&
                                         asked.text.empty();
                    return nothing ? "WORDS, --barcode, --catno, --runout or --text" : "";
                },
            .run = [&context, options] { return lookup(context, *options); }};
}

Command updateCommand(Context& context) {
    auto choice = std::make_shared<UpdateChoice>();
    return {.name = "update",
            .help = "fetches the newest Discogs dump and builds the catalogue anew; goes on with a "
                    "download that was interrupted",
            .options = {{.name = "--file",
                         .target = &choice->file,
                         .help = "a releases dump that is here already, instead",
                         .value_name = "FILE"},
                        {.name = "--formats",
                         .target = &choice->formats,
                         .help = "vinyl (with shellac) or all (default: as the one in use)",
                         .choices = {"vinyl", "all"}},
                        {.name = "--again",
                         .target = &choice->again,
                         .help = "also when that dump is in use already"}},
            .run = [&context, choice] { return update(context, *choice); }};
}

} // namespace

Command catalogueCommand(Context& context) {
    return {.name = "catalogue",
            .help = "the offline catalogue: every record, without the internet",
            .commands = {buildCommand(context),
                         lookupCommand(context),
                         updateCommand(context),
                         {.name = "info",
                          .help = "what is installed",
                          .run = [&context] { return info(context); }},
                         {.name = "rollback",
                          .help = "back to the catalogue before the last build",
                          .run = [&context] { return rollBack(context); }}}};
}

} // namespace gatefold::cli
