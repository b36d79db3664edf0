#pragma once

#include "core/fields.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace gatefold::catalogue {

enum class Formats { vinyl, all };

struct BuildProgress {
    std::uint64_t bytes_read = 0;  ///< of the file, packed
    std::uint64_t bytes_total = 0; ///< 0 = not known (standard input)
    std::uint64_t releases = 0;    ///< read so far
};

struct BuildRequest {
    std::filesystem::path input;  ///< releases.xml or .xml.gz; "-" = standard input
    std::filesystem::path output; ///< the catalogue to replace
    Formats formats = Formats::vinyl;
    /// Masters dump: titles and years of albums, and main releases that an old releases dump does
    /// not mark.
    std::optional<std::filesystem::path> masters;
    /// Told why a masters dump could not be used; without it that ends the build.
    std::function<void(const std::string&)> mastersFailed;
    unsigned jobs = 0; ///< parsing threads, 0 = one for each core
    std::function<void(const BuildProgress&)>
        progress; ///< called on the caller's thread, several times a second
    std::stop_token stop;
};

/// What a build did; the JSON summary of `gatefold catalogue build`.
struct BuildSummary {
    std::int64_t releases_read = 0, releases_kept = 0, releases_skipped = 0;
    std::int64_t barcodes = 0, catnos = 0, runouts = 0;
    double seconds = 0;
    std::int64_t bytes_read = 0; ///< of XML
    std::int64_t output_bytes = 0;
    std::int64_t masters = 0;
    static constexpr auto fields = fieldList(
        field("releases_read", &BuildSummary::releases_read),
        field("releases_kept", &BuildSummary::releases_kept),
        field("releases_skipped", &BuildSummary::releases_skipped,
              "left out because damaged; the report file lists them"),
        field("barcodes", &BuildSummary::barcodes), field("catnos", &BuildSummary::catnos),
        field("runouts", &BuildSummary::runouts), field("seconds", &BuildSummary::seconds),
        field("bytes_read", &BuildSummary::bytes_read, "of XML, unpacked"),
        field("output_bytes", &BuildSummary::output_bytes),
        field("masters", &BuildSummary::masters, "albums with title and year"));
};

/// Builds a new catalogue beside the old one and switches over whole. Releases that were left out
/// are listed in
/// `<output>.skipped.tsv` (byte offset in the unpacked dump, release id, reason); the old catalogue
/// stays as `<output>.previous`. Throws Error and leaves the old one untouched: `malformed` when
/// the dump is not whole or no releases dump, `diskFull`, `forbidden`, `notFound`, `conflict` when
/// another build is at work or `stop` was requested. Memory is bounded (256 MB) whatever the dump's
/// size. Blocks the calling thread.
BuildSummary buildCatalogue(const BuildRequest& request);

} // namespace gatefold::catalogue
