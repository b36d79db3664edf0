#pragma once

#include "store/restore.hpp"
#include "store/store.hpp"
#include "tests/store/open_store.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

namespace gatefold::test {

inline std::set<std::string> namesIn(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.insert(entry.path().filename().string());
    return names;
}

inline bool says(const std::string& message, std::string_view words) {
    return message.find(words) != std::string::npos;
}

inline void flipBit(const std::filesystem::path& file, std::uintmax_t offset) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(offset));
    const int byte = bytes.get();
    bytes.seekp(static_cast<std::streamoff>(offset));
    bytes.put(static_cast<char>(byte ^ 1));
}

/// An open store with five copies, and a raw copy of it: with SQLite's write-ahead log, that holds
/// them all, and without its shared memory. Restores go into another folder.
struct RestoreHouse : OpenStore {
    RestoreHouse() {
        for (int n = 1; n <= 5; ++n)
            put("Artist " + std::to_string(n), "Title");
        const std::filesystem::path open = store::databaseFile(folder.path());
        std::filesystem::copy_file(open, raw);
        std::filesystem::copy_file(open.string() + "-wal", log);
    }

    store::Restored restore(const std::filesystem::path& file) {
        return store::restoreBackup(store::GivenDatabase(file), target.path(), clock);
    }
    /// Copies in the store of the target folder, which is opened as the daemon opens it.
    std::int64_t copies() {
        const store::Store opened(target.path(), clock, {"mqtt"});
        return opened.read(
            [&](const ReadTx& tx) { return tx.copies.counts(clock.wall()).records; });
    }
    /// A store of one copy in the target folder, closed.
    void fillTarget() {
        store::Store before(target.path(), clock, {"mqtt"});
        before.write([&](Tx& tx) {
            Release release;
            release.artist = "Before";
            release.title = "Before";
            Copy copy;
            copy.release_id = tx.releases.create(release);
            copy.added_at = clock.wall();
            tx.copies.insert(copy);
        });
    }

    Folder given, target;
    std::filesystem::path raw = given.path() / "gatefold.db";
    std::filesystem::path log = given.path() / "gatefold.db-wal";
};

} // namespace gatefold::test
