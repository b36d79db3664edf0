#pragma once

#include "ports/covers.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::store {

/// Covers as files in `<store>/covers`, readable by the group so that a web server may serve them.
class CoverFolder final : public CoverFiles {
public:
    explicit CoverFolder(const std::filesystem::path& store) : folder_(store / "covers") {}

    void keep(std::string_view hash, const std::vector<std::string>& jpegs) override;
    std::string read(std::string_view hash, int edge_px) const override;
    int removeOthers(const std::set<std::string>& used, std::chrono::seconds age) override;
    /// Writes one file of that name as `keep` does.
    void write(const std::string& name, std::string_view bytes) const;
    /// Whether a file of that name is there and not empty.
    bool holds(const std::string& name) const noexcept;
    void remove(const std::string& name) const noexcept;
    /// The bytes of a file of that name, nothing where it is missing. Throws Error as
    /// os::fileError.
    std::string readNamed(const std::string& name) const;

private:
    std::filesystem::path folder_;
};

} // namespace gatefold::store
