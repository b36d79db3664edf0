#pragma once

#include "core/fields.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gatefold {

/// A backup file and what it holds.
struct BackupInfo {
    std::string file; ///< path
    std::int64_t bytes = 0;
    std::string made_at;
    std::int64_t schema = 0, copies = 0, scans = 0, plays = 0;
    static constexpr auto fields =
        fieldList(field("file", &BackupInfo::file), field("bytes", &BackupInfo::bytes),
                  field("made_at", &BackupInfo::made_at), field("schema", &BackupInfo::schema),
                  field("copies", &BackupInfo::copies), field("scans", &BackupInfo::scans),
                  field("plays", &BackupInfo::plays));
};

/// A backup that was made.
struct MadeBackup {
    BackupInfo info;
    /// Names of the household's photos that are there and cannot be read: the backup lacks them.
    std::vector<std::string> lost_photos;
};

/// What a backup lacks, empty where that is nothing: "Photos of covers cannot be read and are not
/// in this backup: bb-480.jpg, bb-1000.jpg." Of many photos it names the first.
inline std::string lossInWords(const MadeBackup& made) {
    constexpr std::size_t max_named = 5;
    const auto& names = made.lost_photos;
    if (names.empty())
        return {};
    std::string words = "Photos of covers cannot be read and are not in this backup: " + names[0];
    for (std::size_t n = 1; n < std::min(names.size(), max_named); ++n)
        words += ", " + names[n];
    if (names.size() > max_named)
        words += " and " + std::to_string(names.size() - max_named) + " more, which the log names";
    return words + ".";
}

/// Online backups of the store. Any thread; may take seconds.
class Backups {
public:
    virtual ~Backups() = default;
    /// Writes a consistent copy to `path` (a new name in the backup folder when empty) and checks
    /// it. A photo that cannot be read does not stop it. Throws `diskFull`, `internal`.
    virtual MadeBackup backup(const std::string& path) = 0;
    /// Backups in the backup folder, newest first.
    virtual std::vector<BackupInfo> list() const = 0;
};

} // namespace gatefold
