#include "app/catalogue_search.hpp"
#include "catalogue/builder.hpp"
#include "catalogue/catalogue_files.hpp"
#include "catalogue/lookup.hpp"
#include "catalogue/low_priority.hpp"
#include "catalogue/updater.hpp"
#include "cli/commands.hpp"
#include "core/error.hpp"
#include "house/house.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <CLI/CLI.hpp>

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
    if (!given.empty())
        return given;
    fs::path configured = context.catalogue();
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

} // namespace

void addCatalogue(CLI::App& app, Context& context) {
    auto building = std::make_shared<BuildOptions>();
    auto looking = std::make_shared<LookupOptions>();
    CLI::App* group = app.add_subcommand(
        "catalogue", "the offline catalogue: every record, without the internet");
    group->require_subcommand(1)->fallthrough();

    CLI::App* build_command = group->add_subcommand(
        "build",
        "builds it from a Discogs releases dump, beside the old one, and switches over whole");
    build_command
        ->add_option("DUMP", building->dump,
                     "discogs_YYYYMMDD_releases.xml[.gz], or - for standard input")
        ->required();
    build_command
        ->add_option("--out", building->out, "the catalogue to write (default: the configured one)")
        ->type_name("FILE");
    build_command->add_option("--formats", building->formats, "vinyl (with shellac) or all")
        ->check(CLI::IsMember({"vinyl", "all"}))
        ->capture_default_str();
    build_command
        ->add_option("--masters", building->masters,
                     "the masters dump, for titles and years of albums")
        ->type_name("FILE");
    build_command->add_option("--jobs", building->jobs, "parsing threads (default: one a core)")
        ->check(CLI::Range(0, 64))
        ->type_name("N");
    build_command->callback([&context, building] {
        context.command = [&context, building] { return build(context, *building); };
    });

    CLI::App* lookup_command = group->add_subcommand(
        "lookup", "finds releases by what is printed, scratched or written on them");
    lookup_command
        ->add_option("--catalogue", looking->catalogue,
                     "a catalogue file (default: the configured one)")
        ->type_name("FILE");
    CatalogueQuestion& question = looking->question;
    CLI::Option* typed = lookup_command->add_option(
        "WORDS", question.q, "whatever stands on the record; instead of the options below");
    CLI::Option_group* by =
        lookup_command->add_option_group("by", "one or more, which all have to fit");
    by->add_option("--barcode", question.barcode, "a code as read or typed");
    by->add_option("--catno", question.catno, "a catalogue number");
    by->add_option("--runout", question.runout, "matrix / runout");
    by->add_option("--text", question.text, "artist and title");
    for (CLI::Option* option : by->get_options())
        option->excludes(typed);
    lookup_command->add_option("--country", question.country,
                               "pressed for it: name or two letters");
    lookup_command->add_option("--year", question.year, "of the release");
    lookup_command->add_option("--limit", question.limit, "releases at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    lookup_command->callback([&context, looking] {
        const CatalogueQuestion& asked = looking->question;
        if (asked.q.empty() && asked.barcode.empty() && asked.catno.empty() &&
            asked.runout.empty() && asked.text.empty())
            throw CLI::RequiredError("WORDS, --barcode, --catno, --runout or --text");
        context.command = [&context, looking] { return lookup(context, *looking); };
    });

    auto updating = std::make_shared<UpdateChoice>();
    CLI::App* update_command = group->add_subcommand(
        "update", "fetches the newest Discogs dump and builds the catalogue anew; goes on with a "
                  "download that was interrupted");
    update_command
        ->add_option("--file", updating->file, "a releases dump that is here already, instead")
        ->type_name("FILE");
    update_command
        ->add_option("--formats", updating->formats,
                     "vinyl (with shellac) or all (default: as the one in use)")
        ->check(CLI::IsMember({"vinyl", "all"}));
    update_command->add_flag("--again", updating->again, "also when that dump is in use already");
    update_command->callback([&context, updating] {
        context.command = [&context, updating] { return update(context, *updating); };
    });

    group->add_subcommand("info", "what is installed")->callback([&context] {
        context.command = [&context] { return info(context); };
    });
    group->add_subcommand("rollback", "back to the catalogue before the last build")
        ->callback([&context] { context.command = [&context] { return rollBack(context); }; });
}

} // namespace gatefold::cli
