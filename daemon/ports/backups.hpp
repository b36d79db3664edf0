#pragma once

#include "core/fields.hpp"

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

/// Online backups of the store. Any thread; may take seconds.
class Backups {
public:
    virtual ~Backups() = default;
    /// Writes a consistent copy to `path` (a new name in the backup folder when empty) and checks
    /// it. Throws `diskFull`, `internal`.
    virtual BackupInfo backup(const std::string& path) = 0;
    /// Backups in the backup folder, newest first.
    virtual std::vector<BackupInfo> list() const = 0;
};

} // namespace gatefold
