#pragma once

#include "catalogue/dump_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gatefold::catalogue {

/// The list of left-out releases as a table with a head line: byte offset, release id, reason,
/// divided by tabs.
class SkipReport {
public:
    static constexpr std::uint64_t maxLines = 100'000;

    explicit SkipReport(const std::filesystem::path& path);
    void add(const std::vector<SkippedRelease>& skipped);
    /// Why the first one was left out.
    const std::string& firstReason() const { return firstReason_; }
    /// Moves the report to `final`; without a left-out release there is none. Throws Error
    /// `diskFull` when it could not be written.
    void finish(const std::filesystem::path& final);

private:
    std::filesystem::path path_;
    std::ofstream out_;
    std::uint64_t lines_ = 0;
    std::string firstReason_;
};

} // namespace gatefold::catalogue
