#pragma once

#include "core/error.hpp"
#include "ports/clock.hpp"
#include "store/store.hpp"
#include "tests/temp_folder.hpp"

#include <optional>
#include <string>

namespace gatefold::test {

using Folder = TempFolder;

/// A clock that stands still until a test moves it.
class StillClock final : public Clock {
public:
    Now now() const override { return now_; }
    WallTime wall() const { return now_.wall; }
    void advance(Millis by) {
        now_.wall += by;
        now_.mono += by;
    }

private:
    Now now_{WallTime(Millis(1772395267412)), MonoTime(Millis(1'000'000))};
};

/// An open store in a folder of its own; reopen() is a clean restart.
struct OpenStore {
    OpenStore() { store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"}); }
    void reopen() {
        store.reset();
        store.emplace(folder.path(), clock, std::vector<std::string>{"mqtt"});
    }
    template <class F>
    auto write(F&& body) {
        return store->write(std::forward<F>(body));
    }
    template <class F>
    auto read(F&& body) {
        return store->read(std::forward<F>(body));
    }
    /// A copy of a new release of that name.
    CopyId put(const std::string& artist, const std::string& title,
               std::optional<int> year = std::nullopt, std::vector<LabelCatno> labels = {}) {
        return write([&](Tx& tx) {
            Release release;
            release.artist = artist;
            release.title = title;
            release.year = year;
            release.labels = std::move(labels);
            Copy copy;
            copy.release_id = tx.releases.create(release);
            copy.added_at = clock.wall();
            return tx.copies.insert(copy);
        });
    }
    ScanId scan(const std::string& raw, const std::string& source = "usb:1") {
        return write([&](Tx& tx) {
            NewScan scan;
            scan.source = source;
            scan.raw = raw;
            scan.at = clock.wall();
            return tx.scans.insert(scan);
        });
    }

    Folder folder;
    StillClock clock;
    std::optional<store::Store> store;
};

/// Whether `body` throws Error of that code.
template <class F>
bool throwsCode(ErrorCode code, F&& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.code() == code;
    }
    return false;
}

} // namespace gatefold::test
