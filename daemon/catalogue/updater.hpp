#pragma once

#include "catalogue/builder.hpp"
#include "catalogue/download.hpp"
#include "core/absent.hpp"
#include "ports/catalogue_updater.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace gatefold::catalogue {

struct UpdateOptions {
    std::filesystem::path catalogue; ///< to replace
    std::string base_url = "https://data.discogs.com";
    DownloadOptions download;
    /// Called several times a second on the caller's thread; for a progress bar.
    std::function<void(std::uint64_t bytes, std::uint64_t total)> downloading;
    std::function<void(const BuildProgress&)> building;
};

struct UpdateResult {
    std::string source;                  ///< file name of the dump
    std::optional<BuildSummary> summary; ///< none: that dump is in use already
    Absent<std::string> masters_problem; ///< why albums have no title and year
    static constexpr auto fields =
        fieldList(field("source", &UpdateResult::source, "the dump's file name"),
                  field("summary", &UpdateResult::summary, "null: it is in use already"),
                  field("masters_problem", &UpdateResult::masters_problem,
                        "why albums have no title and year"));
};

/// Keeps the offline catalogue up to date. The masters dump of the same day gives albums their
/// titles and years; its absence or failure is told and stops nothing. What it fetches lies in
/// `<catalogue>.download/` until the catalogue is built; an interrupted download goes on there next
/// time. Any thread, one update at a time.
class Updater : public CatalogueUpdater {
public:
    explicit Updater(UpdateOptions options) : options_(std::move(options)) {}

    std::string update(const CatalogueWish& wish, const std::stop_token& stop) override;
    /// As `update`, with what was built. Does not change the thread's priority.
    UpdateResult run(const CatalogueWish& wish, const std::stop_token& stop) const;

private:
    struct Dump;
    Dump newest(const std::stop_token& stop) const;
    std::filesystem::path fetch(const Dump& dump, const std::string& name, bool all_formats,
                                const std::stop_token& stop) const;
    UpdateResult fromFile(const std::filesystem::path& file, bool all_formats,
                          const std::stop_token& stop) const;
    std::filesystem::path fetchMasters(const Dump& dump, UpdateResult& result,
                                       const std::stop_token& stop) const;
    void build(const std::filesystem::path& file, const std::filesystem::path& masters,
               bool all_formats, UpdateResult& result, const std::stop_token& stop) const;
    std::string addressOf(std::string_view query, std::string_view key) const;
    void checkRoom(std::uint64_t missing, std::uint64_t dump_bytes, bool all_formats) const;

    const UpdateOptions options_;
};

/// Where the downloads for this catalogue lie.
std::filesystem::path downloadFolder(const std::filesystem::path& catalogue);

} // namespace gatefold::catalogue
