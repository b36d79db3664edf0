#pragma once

#include "store/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace gatefold::store {

/// Folds the write-ahead log into the database on a thread of its own, so that no scan waits for
/// it, and tidies now and then. In a quiet minute the log is emptied: where a log that the database
/// holds already is damaged later, SQLite would lay the older pages of its readable part over newer
/// ones at the next start. Lives between the writer's opening and its closing.
class Upkeep {
public:
    /// `write_mutex` guards the writer; `tidy` is called without it.
    Upkeep(std::filesystem::path file, Connection& writer, std::mutex& write_mutex,
           std::function<void()> tidy);
    ~Upkeep();
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

    /// Folds the log in and empties it, unless somebody reads it or writes. Throws
    /// SQLite::Exception, Error as Connection. False where it is not empty now.
    bool emptyLog();

private:
    static int logGrew(void* self, sqlite3* writer, const char*, int pages) noexcept;
    void run(const std::stop_token& stop) noexcept;
    /// Until the log has `pages`, `at_most` has gone by, or the end. True for the first.
    bool sleep(const std::stop_token& stop, Millis at_most, int pages);
    void foldLog();

    std::filesystem::path file_;
    Connection& writer_;
    std::mutex& write_mutex_;
    std::function<void()> tidy_;
    std::atomic<int> pages_{0}; ///< in the log, after the last commit
    /// The log may hold what the database has, too: that of the run before does.
    std::atomic<bool> folded_ = true;
    std::mutex mutex_;
    std::condition_variable_any grown_;
    std::jthread thread_; // last: it ends before what it uses
};

} // namespace gatefold::store
