#include "catalogue/updater.hpp"

#include "catalogue/dump_listing.hpp"
#include "catalogue/lookup.hpp"
#include "catalogue/low_priority.hpp"
#include "catalogue/progress_file.hpp"
#include "core/error.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>

namespace gatefold::catalogue {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longestList = 8 * 1024 * 1024;
constexpr std::size_t longestChecksums = 64 * 1024;
/// Of the dump's packed size: what a build needs at most, with its lists in work (measured on
/// generated dumps: 0.35 and 0.75).
constexpr double roomForVinyl = 0.5, roomForAll = 1.0;

std::string gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f GB", bytes / 1e9);
    return text;
}

/// Downloads of other days are of no use any more.
void removeOthers(const fs::path& folder, const std::string& name) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (!entry.path().filename().string().starts_with(name))
            fs::remove(entry.path(), ignored);
}

} // namespace

struct Updater::Dump {
    std::string day;
    std::string key(std::string_view ending) const {
        return "data/" + day.substr(0, 4) + "/discogs_" + day + std::string(ending);
    }
    std::string releases() const { return "discogs_" + day + "_releases.xml.gz"; }
};

fs::path downloadFolder(const fs::path& catalogue) {
    fs::path folder = catalogue;
    return folder += ".download";
}

std::string Updater::addressOf(std::string_view query, std::string_view key) const {
    std::string base = options_.base_url;
    while (base.ends_with('/'))
        base.pop_back();
    return base.append("/?").append(query).append("=").append(percentEncoded(key));
}

Updater::Dump Updater::newest(const std::stop_token& stop) const {
    const auto list = [&](const std::string& folder) {
        return downloadText(addressOf("prefix", folder), longestList, options_.download, stop);
    };
    auto years = yearsIn(list("data/"));
    years.resize(std::min<std::size_t>(years.size(), 2)); // in January the new one may be empty
    for (const std::string& year : years)
        if (const auto day = newestDumpIn(list("data/" + year + "/")))
            return {*day};
    throw Error(ErrorCode::unavailable,
                "The store of dumps (" + options_.base_url +
                    ") names no dump. Fetch one with a browser and give it with --file.");
}

void Updater::checkRoom(std::uint64_t missing, std::uint64_t dump_bytes, bool all_formats) const {
    const fs::path folder =
        options_.catalogue.has_parent_path() ? options_.catalogue.parent_path() : fs::path(".");
    const double needed =
        static_cast<double>(missing) +
        static_cast<double>(dump_bytes) * (all_formats ? roomForAll : roomForVinyl);
    std::error_code unknown;
    const auto space = fs::space(folder, unknown);
    if (!unknown && static_cast<double>(space.available) < needed)
        throw Error(ErrorCode::diskFull,
                    "An update needs about " + gigabytes(needed) + " in " + folder.string() + "; " +
                        gigabytes(static_cast<double>(space.available)) + " are free.");
}

fs::path Updater::fetch(const Dump& dump, bool all_formats, const std::stop_token& stop) const {
    const fs::path folder = downloadFolder(options_.catalogue);
    fs::create_directories(folder);
    removeOthers(folder, dump.releases());
    FileDownload file;
    file.target = folder / dump.releases();
    if (fs::exists(file.target)) // whole and checked: the build was interrupted
        return file.target;
    const auto sum =
        checksumOf(dump.releases(), downloadText(addressOf("download", dump.key("_CHECKSUM.txt")),
                                                 longestChecksums, options_.download, stop));
    if (!sum)
        throw Error(ErrorCode::unavailable,
                    "The store's list of checksums does not name " + dump.releases() + ".");
    file.sha256 = *sum;
    file.address = addressOf("download", dump.key("_releases.xml.gz"));
    std::optional<ProgressFile> shown;
    file.makeRoom = [&](std::uint64_t missing, std::uint64_t total) {
        checkRoom(missing, total, all_formats);
        if (!shown)
            shown.emplace(options_.catalogue, CataloguePhase::download, total - missing);
    };
    file.progress = [&](std::uint64_t bytes, std::uint64_t total) {
        shown->show(bytes, total, 0);
        if (options_.downloading)
            options_.downloading(bytes, total);
    };
    downloadFile(file, options_.download, stop);
    return file.target;
}

BuildSummary Updater::build(const fs::path& file, bool all_formats,
                            const std::stop_token& stop) const {
    BuildRequest request;
    request.input = file;
    request.output = options_.catalogue;
    request.formats = all_formats ? Formats::all : Formats::vinyl;
    request.progress = options_.building;
    request.stop = stop;
    return buildCatalogue(request);
}

UpdateResult Updater::run(const CatalogueWish& wish, const std::stop_token& stop) const {
    CatalogueInfo used;
    try {
        used = OfflineCatalogue(options_.catalogue).info();
    } catch (const Error&) {
        used = {}; // a damaged one is what an update mends
    }
    const bool all_formats = wish.all_formats.value_or(used.all_formats);
    if (!wish.file.empty()) {
        std::error_code told_by_the_build;
        if (const auto bytes = fs::file_size(wish.file, told_by_the_build); !told_by_the_build)
            checkRoom(0, bytes, all_formats);
        return {fs::path(wish.file).filename().string(), build(wish.file, all_formats, stop)};
    }
    const Dump dump = newest(stop);
    if (!wish.again && used.dump_date && used.dump_date >= dumpDate(dump.releases()) &&
        all_formats == used.all_formats)
        return {dump.releases(), {}};
    const fs::path folder = downloadFolder(options_.catalogue);
    std::error_code ignored;
    try {
        UpdateResult result{dump.releases(),
                            build(fetch(dump, all_formats, stop), all_formats, stop)};
        fs::remove_all(folder, ignored);
        return result;
    } catch (const Error& error) {
        // What is there helps the next try, unless it is bad or stands in the way.
        if (error.code() == ErrorCode::malformed || error.code() == ErrorCode::diskFull)
            fs::remove_all(folder, ignored);
        else
            fs::remove(folder, ignored); // only when it is empty
        throw;
    }
}

std::string Updater::update(const CatalogueWish& wish, const std::stop_token& stop) {
    yieldToOthers();
    const UpdateResult result = run(wish, stop);
    if (!result.summary)
        return result.source + " is in use already.";
    spdlog::info("catalogue: updated source={} releases={} skipped={} seconds={:.0f}",
                 result.source, result.summary->releases_kept, result.summary->releases_skipped,
                 result.summary->seconds);
    return result.source + ": " + std::to_string(result.summary->releases_kept) +
           " releases in use, " + std::to_string(result.summary->releases_skipped) +
           " damaged ones left out.";
}

} // namespace gatefold::catalogue
