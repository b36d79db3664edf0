#pragma once

#include "ports/backups.hpp"
#include "ports/clock.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gatefold::store {

/// Online backups into `<folder>/backups`; needs no lock, reads only.
class BackupFiles final : public Backups {
public:
    BackupFiles(std::filesystem::path folder, const Clock& clock)
        : folder_(std::move(folder)), clock_(clock) {}
    BackupInfo backup(const std::string& path) override;
    std::vector<BackupInfo> list() const override;

private:
    std::filesystem::path folder_;
    const Clock& clock_;
};

/// The name of a backup made at that time: "gatefold-2026-03-01T200107412.sqlite".
std::string backupName(WallTime time);

} // namespace gatefold::store
