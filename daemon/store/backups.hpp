#pragma once

#include "os/file_descriptor.hpp"
#include "ports/backups.hpp"
#include "ports/clock.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatefold::store {

/// Online backups into `<folder>/backups`; needs no lock, reads only.
class BackupFiles final : public Backups {
public:
    BackupFiles(std::filesystem::path folder, const Clock& clock)
        : folder_(std::move(folder)), clock_(clock) {}
    MadeBackup backup(const std::string& path) override;
    std::vector<BackupInfo> list() const override;

private:
    std::filesystem::path folder_;
    const Clock& clock_;
};

/// Takes part in the writing of backups into `<store>/backups`, which is made where it is missing:
/// removes what backups that were killed left there, unless somebody writes one now, and keeps
/// others from removing anything while the descriptor is open.
os::FileDescriptor writeBackups(const std::filesystem::path& store);

/// The same removal at the daemon's start.
void removeUnfinishedBackups(const std::filesystem::path& store) noexcept;

/// The name of a database that is made in `<store>/backups` and then copied to where it belongs.
inline constexpr std::string_view copiedBackup = ".copied.gatefold";

/// What the names of damaged logs begin with, in `<store>/backups`.
inline constexpr std::string_view damagedBeginning = "damaged-";

/// The name of a backup made at that time: "gatefold-2026-03-01T200107412.sqlite".
std::string backupName(WallTime time);

} // namespace gatefold::store
