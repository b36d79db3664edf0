#include "catalogue/builder.hpp"
#include "catalogue/catalogue_files.hpp"
#include "catalogue/lookup.hpp"
#include "cli/commands.hpp"
#include "core/gtin.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <CLI/CLI.hpp>

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

struct LookupOptions {
    std::string catalogue, barcode, catno, runout, text;
    std::size_t limit = 20;
};

/// One line that writes over itself, on a terminal only.
class ProgressBar {
public:
    void show(const catalogue::BuildProgress& progress) {
        if (::isatty(STDERR_FILENO) == 0)
            return;
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
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
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    bool shown_ = false;
};

fs::path outputOf(Context& context, const std::string& given) {
    if (!given.empty())
        return given;
    const fs::path configured = context.catalogue();
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

struct LookupAnswer {
    std::string query;
    std::optional<std::string> gtin;
    std::vector<Candidate> releases;
    static constexpr auto fields =
        fieldList(field("query", &LookupAnswer::query), field("gtin", &LookupAnswer::gtin),
                  field("releases", &LookupAnswer::releases));
};

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

Exit lookup(Context& context, const LookupOptions& options) {
    const auto catalogue = catalogue::openCatalogue(
        options.catalogue.empty() ? context.catalogue() : fs::path(options.catalogue));
    LookupAnswer answer;
    if (!options.barcode.empty()) {
        answer.query = options.barcode;
        const GtinKeys keys = gtinKeysOfScan(options.barcode);
        if (!keys.strict.empty())
            answer.gtin = keys.strict.front().text();
        answer.releases = catalogue->byGtin(keys, {}, options.limit);
    } else if (!options.catno.empty()) {
        answer.query = options.catno;
        answer.releases = catalogue->byCatno(options.catno, {}, options.limit);
    } else if (!options.runout.empty()) {
        answer.query = options.runout;
        answer.releases = catalogue->byRunout(options.runout, {}, options.limit);
    } else {
        answer.query = options.text;
        answer.releases = catalogue->byText(options.text, {}, options.limit);
    }
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
    build_command->add_option("--masters", building->masters, "the masters dump, for grouping")
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
    CLI::Option_group* by = lookup_command->add_option_group("by", "exactly one of");
    by->add_option("--barcode", looking->barcode, "a code as read or typed");
    by->add_option("--catno", looking->catno, "a catalogue number");
    by->add_option("--runout", looking->runout, "matrix / runout");
    by->add_option("--text", looking->text, "artist and title");
    by->require_option(1);
    lookup_command->add_option("--limit", looking->limit, "releases at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    lookup_command->callback([&context, looking] {
        context.command = [&context, looking] { return lookup(context, *looking); };
    });

    group->add_subcommand("info", "what is installed")->callback([&context] {
        context.command = [&context] { return info(context); };
    });
    group->add_subcommand("rollback", "back to the catalogue before the last build")
        ->callback([&context] { context.command = [&context] { return rollBack(context); }; });
}

} // namespace gatefold::cli
