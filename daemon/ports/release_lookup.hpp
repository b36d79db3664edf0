#pragma once

#include "core/gtin.hpp"
#include "core/release.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

struct CatalogueInfo {
    std::string path;
    bool present = false;
    std::optional<std::string> built_at, source; ///< time of the build; file name of the dump
    std::int64_t releases = 0, barcodes = 0, catnos = 0, runouts = 0, bytes = 0;
    bool all_formats = false;
    static constexpr auto fields = fieldList(
        field("path", &CatalogueInfo::path), field("present", &CatalogueInfo::present),
        field("built_at", &CatalogueInfo::built_at), field("source", &CatalogueInfo::source),
        field("releases", &CatalogueInfo::releases), field("barcodes", &CatalogueInfo::barcodes),
        field("catnos", &CatalogueInfo::catnos), field("runouts", &CatalogueInfo::runouts),
        field("bytes", &CatalogueInfo::bytes), field("all_formats", &CatalogueInfo::all_formats));
};

/// How candidates are ranked beyond how well they match.
struct RankBy {
    std::optional<std::string> country; ///< the household's own
};

/// Finds releases by what is printed, scratched or written. Callable from any thread; local sources
/// answer in milliseconds. An absent catalogue answers with nothing; a broken one throws Error
/// `unavailable`.
class ReleaseLookup {
public:
    virtual ~ReleaseLookup() = default;
    /// Best first. Exact hits alone when there are any, else the weak ones of the first key that
    /// has some.
    virtual std::vector<Candidate> byGtin(const GtinKeys& keys, const RankBy& rank,
                                          std::size_t limit) const = 0;
    virtual std::vector<Candidate> byCatno(std::string_view catno, const RankBy& rank,
                                           std::size_t limit) const = 0;
    virtual std::vector<Candidate> byRunout(std::string_view runout, const RankBy& rank,
                                            std::size_t limit) const = 0;
    virtual std::vector<Candidate> byText(std::string_view text, const RankBy& rank,
                                          std::size_t limit) const = 0;
    virtual std::optional<Release> release(ReleaseId id) const = 0;
    virtual CatalogueInfo info() const = 0;
};

} // namespace gatefold
