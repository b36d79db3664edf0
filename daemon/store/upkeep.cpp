#include "store/upkeep.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <utility>

namespace gatefold::store {

namespace {

using namespace std::chrono_literals;

/// 16 MB: each fold costs two more syncs around it, so under load they stay rare.
constexpr int pagesWhenBusy = 4000;
/// In a quiet minute a smaller log is emptied, too, so that a power cut leaves little to read
/// again.
constexpr int pagesWhenQuiet = 250;
/// The thread is starved or its disk is slow: then the writer folds by itself rather than let the
/// log grow.
constexpr int pagesTooMany = 16'000;
constexpr auto quiet = 60s;
constexpr int quietMinutesToTidy = 15;
/// A reader that stays long keeps the log from starting anew: asking again at every commit would
/// not help.
constexpr auto pause = 250ms;

int checkpoint(Connection& connection, int mode) {
    return sqlite3_wal_checkpoint_v2(connection.database().getHandle(), nullptr, mode, nullptr,
                                     nullptr);
}

} // namespace

Upkeep::Upkeep(std::filesystem::path file, Connection& writer, std::mutex& write_mutex,
               std::function<void()> tidy)
    : file_(std::move(file)), writer_(writer), write_mutex_(write_mutex), tidy_(std::move(tidy)) {
    sqlite3_wal_hook(writer.database().getHandle(), &Upkeep::logGrew, this);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

int Upkeep::logGrew(void* self, sqlite3* writer, const char*, int pages) noexcept {
    auto& upkeep = *static_cast<Upkeep*>(self);
    upkeep.pages_ = pages;
    if (pages >= pagesTooMany)
        sqlite3_wal_checkpoint_v2(writer, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    else if (pages >= pagesWhenBusy)
        upkeep.grown_.notify_one();
    return SQLITE_OK;
}

Upkeep::~Upkeep() {
    thread_.request_stop();
    thread_.join(); // it commits, too
    sqlite3_wal_hook(writer_.database().getHandle(), nullptr, nullptr);
}

void Upkeep::run(const std::stop_token& stop) noexcept {
    int quiet_minutes = 0;
    while (!stop.stop_requested()) {
        Millis rest = pause;
        try {
            const bool busy = sleep(stop, quiet, pagesWhenBusy);
            if (stop.stop_requested())
                return;
            if (busy)
                foldLog();
            else if (folded_ || pages_ >= pagesWhenQuiet)
                emptyLog();
            if (!busy && ++quiet_minutes >= quietMinutesToTidy) {
                quiet_minutes = 0;
                tidy_();
            }
        } catch (const std::exception& error) {
            spdlog::warn("store: upkeep failed reason={}", error.what());
            rest = quiet; // a full disk is not asked in a loop
        }
        sleep(stop, rest, pagesTooMany);
    }
}

bool Upkeep::sleep(const std::stop_token& stop, Millis at_most, int pages) {
    std::unique_lock lock(mutex_);
    return grown_.wait_for(lock, stop, at_most, [&] { return pages_ >= pages; });
}

void Upkeep::foldLog() {
    Connection connection(file_, Connection::Mode::readWrite);
    checkpoint(connection, SQLITE_CHECKPOINT_PASSIVE);
    // What was committed meanwhile is little; with the writer held the log comes to its end and
    // starts anew.
    const std::scoped_lock lock(write_mutex_);
    checkpoint(connection, SQLITE_CHECKPOINT_PASSIVE);
    folded_ = true;
    pages_ = 0;
}

bool Upkeep::emptyLog() {
    Connection connection(file_, Connection::Mode::readWrite);
    connection.database().setBusyTimeout(0); // a scan does not wait for a reader
    checkpoint(connection, SQLITE_CHECKPOINT_PASSIVE);
    const std::scoped_lock lock(write_mutex_);
    folded_ = checkpoint(connection, SQLITE_CHECKPOINT_TRUNCATE) != SQLITE_OK;
    if (!folded_)
        pages_ = 0;
    return !folded_;
}

} // namespace gatefold::store
