#include "catalogue/updater.hpp"

#include "catalogue/dump_listing.hpp"
#include "catalogue/lookup.hpp"
#include "catalogue/low_priority.hpp"
#include "catalogue/progress_file.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "os/file_error.hpp"

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

void makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw os::fileError("cannot create", folder, error.value());
}

/// The masters dump of the same day, where somebody put it beside the releases dump; else nothing.
fs::path mastersBeside(const fs::path& releases) {
    constexpr std::string_view kind = "_releases.xml";
    std::string name = releases.filename().string();
    const auto at = name.find(kind);
    if (at == std::string::npos)
        return {};
    const fs::path masters = releases.parent_path() / name.replace(at, kind.size(), "_masters.xml");
    std::error_code ignored;
    return fs::exists(masters, ignored) ? masters : fs::path();
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
    std::string prefix() const { return "discogs_" + day + "_"; }
    std::string releases() const { return prefix() + "releases.xml.gz"; }
    std::string masters() const { return prefix() + "masters.xml.gz"; }
    std::string checksums() const { return prefix() + "CHECKSUM.txt"; }
    std::string key(const std::string& name) const {
        return "data/" + day.substr(0, 4) + "/" + name;
    }
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

fs::path Updater::fetch(const Dump& dump, const std::string& name, bool all_formats,
                        const std::stop_token& stop) const {
    const fs::path folder = downloadFolder(options_.catalogue);
    makeFolder(folder);
    removeOthers(folder, dump.prefix());
    FileDownload file;
    file.target = folder / name;
    if (fs::exists(file.target)) // whole and checked: the build was interrupted
        return file.target;
    const auto sum =
        checksumOf(name, downloadText(addressOf("download", dump.key(dump.checksums())),
                                      longestChecksums, options_.download, stop));
    if (!sum)
        throw Error(ErrorCode::unavailable,
                    "The store's list of checksums does not name " + name + ".");
    file.sha256 = *sum;
    file.address = addressOf("download", dump.key(name));
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

/// An empty path when it cannot be had: albums without titles are no reason to do without records.
fs::path Updater::fetchMasters(const Dump& dump, UpdateResult& result,
                               const std::stop_token& stop) const {
    try {
        return fetch(dump, dump.masters(), false, stop);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::conflict || error.code() == ErrorCode::diskFull)
            throw;
        result.masters_problem = error.message();
        return {};
    }
}

void Updater::build(const fs::path& file, const fs::path& masters, bool all_formats,
                    UpdateResult& result, const std::stop_token& stop) const {
    BuildRequest request;
    request.input = file;
    request.output = options_.catalogue;
    request.formats = all_formats ? Formats::all : Formats::vinyl;
    request.progress = options_.building;
    request.stop = stop;
    if (!masters.empty())
        request.masters = masters;
    request.mastersFailed = [&](const std::string& why) { result.masters_problem = why; };
    result.summary = buildCatalogue(request);
}

UpdateResult Updater::fromFile(const fs::path& file, bool all_formats,
                               const std::stop_token& stop) const {
    std::error_code told_by_the_build;
    if (const auto bytes = fs::file_size(file, told_by_the_build); !told_by_the_build)
        checkRoom(0, bytes, all_formats);
    UpdateResult result{file.filename().string(), {}, {}};
    build(file, mastersBeside(file), all_formats, result, stop);
    return result;
}

UpdateResult Updater::run(const CatalogueWish& wish, const std::stop_token& stop) const {
    CatalogueInfo used;
    try {
        used = OfflineCatalogue(options_.catalogue).info();
    } catch (const Error&) {
        used = {}; // a damaged one is what an update mends
    }
    const bool all_formats = wish.all_formats.value_or(used.all_formats);
    if (!wish.file.empty())
        return fromFile(wish.file, all_formats, stop);
    const Dump dump = newest(stop);
    if (!wish.again && used.dump_date && used.dump_date >= dumpDate(dump.releases()) &&
        all_formats == used.all_formats)
        return {dump.releases(), {}, {}};
    const fs::path folder = downloadFolder(options_.catalogue);
    std::error_code ignored;
    try {
        UpdateResult result{dump.releases(), {}, {}};
        const fs::path releases = fetch(dump, dump.releases(), all_formats, stop);
        const fs::path masters = fetchMasters(dump, result, stop);
        build(releases, masters, all_formats, result, stop);
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
    if (result.masters_problem)
        spdlog::warn("catalogue: no titles of albums reason={}", *result.masters_problem);
    return result.source + ": " + std::to_string(result.summary->releases_kept) +
           " releases in use, " + std::to_string(result.summary->releases_skipped) +
           " damaged ones left out." +
           (result.masters_problem ? " Albums have no titles: " + *result.masters_problem : "");
}

} // namespace gatefold::catalogue
