#pragma once

#include "catalogue/index_reader.hpp"
#include "ports/release_lookup.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

namespace gatefold::catalogue {

/// The offline catalogue in one file. Sees by itself when the file was replaced and goes on with
/// the new one. Any thread. Idle it keeps at most two connections of about half a megabyte.
class OfflineCatalogue : public ReleaseLookup {
public:
    explicit OfflineCatalogue(std::filesystem::path path);
    ~OfflineCatalogue() override;

    std::vector<Candidate> byGtin(const GtinKeys& keys, const RankBy& rank,
                                  std::size_t limit) const override;
    /// Blanks, dashes, dots, case and the label's name before the number are forgiven; else numbers
    /// that begin so, as weak.
    std::vector<Candidate> byCatno(std::string_view catno, const RankBy& rank,
                                   std::size_t limit) const override;
    /// What is scratched between the grooves, or a part of it from any word on; one letter may be
    /// wrong.
    std::vector<Candidate> byRunout(std::string_view runout, const RankBy& rank,
                                    std::size_t limit) const override;
    /// Words of artist, title and label in any order, the last one perhaps unfinished; one typo a
    /// word; a catalogue number among them.
    std::vector<Candidate> byText(std::string_view text, const RankBy& rank,
                                  std::size_t limit) const override;
    std::vector<Candidate> find(const LookupQuery& query, const RankBy& rank,
                                std::size_t limit) const override;
    std::optional<Release> release(ReleaseId id) const override;
    CatalogueInfo info() const override;

private:
    struct Stamp {
        std::uint64_t device = 0, file = 0, changed_ns = 0, bytes = 0;
        bool operator==(const Stamp&) const = default;
    };
    std::optional<Stamp> stamp() const;
    template <class Result, class Ask>
    Result ask(Result whenAbsent, Ask run) const;

    std::filesystem::path path_;
    mutable std::mutex mutex_;
    mutable Stamp idleStamp_;
    mutable std::vector<std::unique_ptr<IndexReader>> idle_;
};

/// The catalogue at `path`, which may not exist yet. What a killed build has left beside it is
/// removed. Never throws for a missing or damaged file: the look-ups do.
std::unique_ptr<OfflineCatalogue> openCatalogue(const std::filesystem::path& path);

} // namespace gatefold::catalogue
