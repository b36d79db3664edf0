#include "store/backups.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "store/backup_check.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/packed_photos.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".sqlite";

} // namespace

std::string backupName(WallTime time) {
    std::string name = "gatefold-";
    for (const char c : isoTime(time).substr(0, 23))
        if (c != ':' && c != '.')
            name += c;
    return name + std::string(ending);
}

BackupInfo BackupFiles::backup(const std::string& path) {
    const fs::path target = fs::absolute(
        path.empty() ? folder_ / "backups" / backupName(clock_.now().wall) : fs::path(path));
    const fs::path shown = path.empty() ? target : fs::path(path);
    try {
        os::makeFolder(target.parent_path());
        UnfinishedDatabase unfinished(target.string() + ".part");
        {
            Connection source(databaseFile(folder_), Connection::Mode::readOnly);
            unfinished.copyFrom(source.database());
            SQLite::Database copy(unfinished.path().string(), SQLite::OPEN_READWRITE);
            packPhotos(copy, folder_);
        }
        BackupInfo made = verifyMadeBackup(unfinished.path(), shown);
        unfinished.putInPlace(target);
        return made;
    } catch (const SQLite::Exception& failure) {
        rethrow(failure);
    }
}

std::vector<BackupInfo> BackupFiles::list() const {
    std::vector<BackupInfo> infos;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ / "backups", error)) {
        if (entry.path().extension() != ending)
            continue;
        BackupInfo info;
        struct ::stat status {};
        if (::stat(entry.path().c_str(), &status) != 0)
            continue; // removed meanwhile
        info.file = entry.path().string();
        info.bytes = status.st_size;
        info.made_at = timeWritten(status);
        infos.push_back(std::move(info));
    }
    std::sort(infos.begin(), infos.end(),
              [](const BackupInfo& a, const BackupInfo& b) { return a.made_at > b.made_at; });
    return infos;
}

} // namespace gatefold::store
