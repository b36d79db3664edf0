#include "store/packed_photos.hpp"

#include "core/error.hpp"

#include <spdlog/spdlog.h>

#include <optional>

namespace gatefold::store {

namespace {

/// Empty for one that is missing or empty: a picture that is lost already is told, no more. Nothing
/// for one that cannot be read.
std::optional<std::string> readPhoto(const CoverFolder& files, const std::string& name) {
    try {
        std::string bytes = files.readNamed(name);
        if (bytes.empty())
            spdlog::warn("store: a photo is missing in the backup file={}", name);
        return bytes;
    } catch (const Error& error) {
        spdlog::error("store: a photo cannot be read and is not in the backup reason={}",
                      error.what());
        return std::nullopt;
    }
}

} // namespace

std::vector<std::string> packPhotos(SQLite::Database& backup, const std::filesystem::path& folder) {
    const CoverFolder files(folder);
    std::vector<std::string> lost;
    SQLite::Transaction transaction(backup);
    backup.exec("CREATE TABLE packed_photos (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
    SQLite::Statement insert(backup, "INSERT INTO packed_photos VALUES (?, ?)");
    SQLite::Statement row(backup, "SELECT DISTINCT hash FROM copy_covers");
    while (row.executeStep())
        for (const KeptSize& size : coverSizes) {
            const std::string name = coverFileName(row.getColumn(0).getString(), size.edge_px);
            const auto bytes = readPhoto(files, name);
            if (!bytes)
                lost.push_back(name);
            if (!bytes || bytes->empty())
                continue;
            insert.bind(1, name);
            insert.bind(2, bytes->data(), static_cast<int>(bytes->size()));
            insert.exec();
            insert.reset();
        }
    transaction.commit();
    return lost;
}

UnpackedPhotos::~UnpackedPhotos() {
    for (const std::string& name : written_)
        files_.remove(name);
}

void UnpackedPhotos::unpack(SQLite::Database& backup) {
    if (!backup.tableExists("packed_photos"))
        return;
    {
        SQLite::Statement row(backup, "SELECT name, bytes FROM packed_photos");
        while (row.executeStep()) {
            const SQLite::Column bytes = row.getColumn(1);
            const std::string name = row.getColumn(0).getString();
            // A backup is a file that may have been anywhere.
            if (!isCoverFileName(name) || files_.holds(name))
                continue;
            files_.write(name, {static_cast<const char*>(bytes.getBlob()),
                                static_cast<std::size_t>(bytes.getBytes())});
            written_.push_back(name);
        }
    }
    backup.exec("DROP TABLE packed_photos");
    backup.exec("VACUUM");
}

} // namespace gatefold::store
