#pragma once

#include "ports/release_lookup.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace gatefold::catalogue {

/// Tells other processes how far a download or build beside `catalogue` is: a small file
/// `<catalogue>.progress`, rewritten at most once a second and gone with this object. Trouble with
/// it is no trouble of the build. One thread.
class ProgressFile {
public:
    /// `startedAt`: bytes that were there before (a resumed download): no part of the rate.
    ProgressFile(const std::filesystem::path& catalogue, CataloguePhase phase,
                 std::uint64_t startedAt = 0);
    ~ProgressFile();
    ProgressFile(const ProgressFile&) = delete;
    ProgressFile& operator=(const ProgressFile&) = delete;

    /// `total` 0 = not known.
    void show(std::uint64_t bytes, std::uint64_t total, std::uint64_t releases);

private:
    std::filesystem::path path_;
    CataloguePhase phase_;
    std::uint64_t startedAt_;
    std::chrono::steady_clock::time_point began_, shown_;
};

/// What a living process says about its work beside `catalogue`. Never throws.
std::optional<CatalogueProgress> progressOf(const std::filesystem::path& catalogue) noexcept;

/// Removes the file of a process that is dead.
void removeStaleProgress(const std::filesystem::path& catalogue) noexcept;

} // namespace gatefold::catalogue
