#pragma once

#include "core/gtin.hpp"
#include "core/release.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatefold {

enum class CataloguePhase { download, build };
template <>
struct EnumNames<CataloguePhase> {
    static constexpr std::array<std::pair<CataloguePhase, std::string_view>, 2> names{
        {{CataloguePhase::download, "download"}, {CataloguePhase::build, "build"}}};
};

/// How far a new catalogue is, whichever process works on it.
struct CatalogueProgress {
    CataloguePhase phase = CataloguePhase::build;
    double share = 0;                         ///< of the phase, 0 ... 1; 0 when not known
    double bytes_per_s = 0;                   ///< of the packed dump
    std::optional<std::int64_t> seconds_left; ///< of the phase
    std::int64_t releases = 0;                ///< read so far
    static constexpr auto fields =
        fieldList(field("phase", &CatalogueProgress::phase),
                  field("share", &CatalogueProgress::share, "of the phase, 0 to 1"),
                  field("bytes_per_s", &CatalogueProgress::bytes_per_s, "of the packed dump"),
                  field("seconds_left", &CatalogueProgress::seconds_left, "of the phase"),
                  field("releases", &CatalogueProgress::releases, "read so far"));
    bool operator==(const CatalogueProgress&) const = default;
};

struct CatalogueInfo {
    std::string path;
    bool present = false;
    std::optional<std::string> built_at, source; ///< time of the build; file name of the dump
    std::optional<std::string> dump_date;        ///< "2026-08-01", where the dump's name says it
    std::int64_t releases = 0, barcodes = 0, catnos = 0, runouts = 0, bytes = 0;
    bool all_formats = false;
    bool previous = false; ///< there is one to roll back to
    std::optional<CatalogueProgress> in_work;
    std::optional<std::string> last_error; ///< of the last update on this box, unless one went well
    std::int64_t masters = 0; ///< albums with title and year; 0 = built without the masters dump
    static constexpr auto fields = fieldList(
        field("path", &CatalogueInfo::path), field("present", &CatalogueInfo::present),
        field("built_at", &CatalogueInfo::built_at), field("source", &CatalogueInfo::source),
        field("releases", &CatalogueInfo::releases), field("barcodes", &CatalogueInfo::barcodes),
        field("catnos", &CatalogueInfo::catnos), field("runouts", &CatalogueInfo::runouts),
        field("bytes", &CatalogueInfo::bytes), field("all_formats", &CatalogueInfo::all_formats),
        field("dump_date", &CatalogueInfo::dump_date, "day of the dump"),
        field("previous", &CatalogueInfo::previous, "there is one to roll back to"),
        field("in_work", &CatalogueInfo::in_work, "how far a new one is"),
        field("last_error", &CatalogueInfo::last_error, "of the last update"),
        field("masters", &CatalogueInfo::masters,
              "albums with title and year; 0: built without the masters dump"));
};

/// How candidates are ranked beyond how well they match.
struct RankBy {
    std::optional<std::string> country = {};   ///< the household's own
    std::function<bool(ReleaseId)> owned = {}; ///< whether the household has it
};

/// What is known of a record; everything that is given has to fit.
struct LookupQuery {
    GtinKeys barcode;
    std::string catno, runout, text; ///< empty: not known
    std::string country;             ///< a country's name or two-letter code
    std::optional<int> year;
    /// Whether there is something to look for; country and year alone are not.
    bool asks() const {
        return !barcode.empty() || !catno.empty() || !runout.empty() || !text.empty();
    }
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
    /// Releases that fit all of the query, found by the most telling of its keys.
    virtual std::vector<Candidate> find(const LookupQuery& query, const RankBy& rank,
                                        std::size_t limit) const = 0;
    virtual std::optional<Release> release(ReleaseId id) const = 0;
    virtual CatalogueInfo info() const = 0;
};

} // namespace gatefold
