#pragma once

#include "catalogue/builder.hpp"
#include "catalogue/lookup.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::test {

/// A folder of its own for one test, gone afterwards, with a catalogue to build in it.
class Workshop {
public:
    Workshop();
    ~Workshop();
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    std::filesystem::path catalogue() const { return path("catalogue.db"); }
    /// Writes `bytes` into a file and gives its path.
    std::filesystem::path file(const std::string& name, std::string_view bytes) const;
    catalogue::BuildSummary build(const std::filesystem::path& input,
                                  catalogue::Formats formats = catalogue::Formats::all) const;
    /// Builds from the bytes of a dump.
    catalogue::BuildSummary buildFrom(std::string_view dump,
                                      catalogue::Formats formats = catalogue::Formats::all) const;
    /// The message with which building from these bytes is refused; "built" when it is not.
    std::string refusalOf(std::string_view dump) const;
    /// Names of all files in the folder, sorted, one blank behind each.
    std::string fileNames() const;

private:
    std::filesystem::path folder_;
};

/// The bytes as one gzip member.
std::string gzipped(std::string_view bytes);
std::string contentOf(const std::filesystem::path& path);
/// The release ids, best first: "1 40299 ".
std::string idsOf(const std::vector<Candidate>& candidates);
/// A dump around these elements.
std::string dumpOf(std::string_view elements);
/// A small release on vinyl.
std::string element(int id, std::string_view title = "A Title");

} // namespace gatefold::test
