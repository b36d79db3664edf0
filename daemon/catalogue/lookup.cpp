#include "catalogue/lookup.hpp"

#include "catalogue/catalogue_files.hpp"
#include "catalogue/dump_listing.hpp"
#include "catalogue/progress_file.hpp"
#include "catalogue/searches.hpp"
#include "core/error.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t mostIdle = 2;
constexpr std::size_t longestQuery = 512;

/// The best hits as candidates, with title and year of their albums.
std::vector<Candidate> best(IndexReader& index, std::vector<Hit> hits, const RankBy& rank,
                            std::size_t limit) {
    auto candidates = ranked(std::move(hits), rank, limit);
    for (Candidate& candidate : candidates)
        if (candidate.master_id)
            if (const auto album = index.master(*candidate.master_id))
                setAlbum(candidate, *album);
    return candidates;
}

} // namespace

OfflineCatalogue::OfflineCatalogue(std::filesystem::path path) : path_(std::move(path)) {}
OfflineCatalogue::~OfflineCatalogue() = default;

/// What tells one file under this name from another; nothing when there is none.
std::optional<OfflineCatalogue::Stamp> OfflineCatalogue::stamp() const {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return std::nullopt;
        throw Error(ErrorCode::unavailable,
                    "cannot read the catalogue " + path_.string() + ": " + std::strerror(errno));
    }
    const auto nanoseconds = static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000U +
                             static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
    return Stamp{status.st_dev, status.st_ino, nanoseconds,
                 static_cast<std::uint64_t>(status.st_size)};
}

/// Runs `run` with a connection of its own. After an exception the connection is not used again.
template <class Result, class Ask>
Result OfflineCatalogue::ask(Result whenAbsent, Ask run) const {
    const auto now = stamp();
    std::unique_ptr<IndexReader> reader;
    {
        const std::lock_guard lock(mutex_);
        if (!now || *now != idleStamp_)
            idle_.clear();
        if (now)
            idleStamp_ = *now;
        if (!idle_.empty()) {
            reader = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!now)
        return whenAbsent;
    if (!reader)
        reader = std::make_unique<IndexReader>(path_);
    Result result = run(*reader);
    const std::lock_guard lock(mutex_);
    if (idleStamp_ == *now && idle_.size() < mostIdle)
        idle_.push_back(std::move(reader));
    return result;
}

std::vector<Candidate> OfflineCatalogue::byGtin(const GtinKeys& keys, const RankBy& rank,
                                                std::size_t limit) const {
    if (keys.empty())
        return {};
    return ask(std::vector<Candidate>{}, [&](IndexReader& index) {
        return best(index, findByGtin(index, keys), rank, limit);
    });
}

std::vector<Candidate> OfflineCatalogue::byCatno(std::string_view catno, const RankBy& rank,
                                                 std::size_t limit) const {
    catno = cutAt(catno, longestQuery);
    return ask(std::vector<Candidate>{}, [&](IndexReader& index) {
        return best(index, findByCatno(index, catno), rank, limit);
    });
}

std::vector<Candidate> OfflineCatalogue::byRunout(std::string_view runout, const RankBy& rank,
                                                  std::size_t limit) const {
    runout = cutAt(runout, longestQuery);
    return ask(std::vector<Candidate>{}, [&](IndexReader& index) {
        return best(index, findByRunout(index, runout), rank, limit);
    });
}

std::vector<Candidate> OfflineCatalogue::byText(std::string_view text, const RankBy& rank,
                                                std::size_t limit) const {
    text = cutAt(text, longestQuery);
    return ask(std::vector<Candidate>{}, [&](IndexReader& index) {
        return best(index, findByText(index, text), rank, limit);
    });
}

std::vector<Candidate> OfflineCatalogue::find(const LookupQuery& query, const RankBy& rank,
                                              std::size_t limit) const {
    if (!query.asks())
        return {};
    LookupQuery bounded = query;
    for (std::string* text : {&bounded.catno, &bounded.runout, &bounded.text})
        *text = cutAt(*text, longestQuery);
    return ask(std::vector<Candidate>{}, [&](IndexReader& index) {
        return best(index, findByAll(index, bounded), rank, limit);
    });
}

std::optional<Release> OfflineCatalogue::release(ReleaseId id) const {
    return ask(std::optional<Release>{}, [&](IndexReader& index) { return index.release(id); });
}

CatalogueInfo OfflineCatalogue::info() const {
    CatalogueInfo absent;
    absent.path = path_.string();
    CatalogueInfo info = ask(absent, [](IndexReader& index) { return index.info(); });
    if (info.source)
        info.dump_date = dumpDate(*info.source);
    info.previous = ::access(CatalogueFiles(path_).previous.c_str(), F_OK) == 0;
    info.in_work = progressOf(path_);
    return info;
}

std::unique_ptr<OfflineCatalogue> openCatalogue(const std::filesystem::path& path) {
    removeLitter(path);
    return std::make_unique<OfflineCatalogue>(path);
}

} // namespace gatefold::catalogue
