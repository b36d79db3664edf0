#include "store/store.hpp"

#include "core/error.hpp"
#include "store/clean_stop.hpp"
#include "store/damaged_log.hpp"
#include "store/database_file.hpp"
#include "store/migrations.hpp"
#include "store/own_log.hpp"
#include "store/repositories.hpp"
#include "store/upkeep.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// Readers are opened as they are needed; more callers than these wait for one another.
constexpr std::size_t mostReaders = 8;
constexpr auto longestWait = std::chrono::seconds(10);
/// Deletions of 500 rows each that one tidying does.
constexpr int mostTidyRounds = 200;

/// All repositories over one connection.
struct Tables {
    Tables(Connection& db, const std::vector<std::string>& sinks)
        : scans(db),
          inbox(db),
          releases(db),
          learned(db),
          copies(db),
          covers(db),
          online(db),
          locations(db),
          people(db),
          sign_ins(db),
          tokens(db),
          decks(db),
          plays(db),
          devices(db),
          settings(db),
          jobs(db),
          events(db, sinks),
          outbox(db),
          answers(db) {}

    Tx tx() {
        return {scans,     inbox,  releases, learned, copies, covers, online,
                locations, people, sign_ins, tokens,  decks,  plays,  devices,
                settings,  jobs,   events,   outbox,  answers};
    }

    ScanTable scans;
    InboxTable inbox;
    ReleaseTable releases;
    LearnedTable learned;
    CopyTable copies;
    CoverTable covers;
    OnlineTable online;
    LocationTable locations;
    PeopleTable people;
    SignInTable sign_ins;
    TokenTable tokens;
    DeckTable decks;
    PlayTable plays;
    DeviceTable devices;
    SettingTable settings;
    JobTable jobs;
    EventTable events;
    OutboxTable outbox;
    AnswerTable answers;
};

/// A connection with its repositories.
struct Desk {
    Desk(const fs::path& file, Connection::Mode mode, const std::vector<std::string>& sinks)
        : connection(file, mode), tables(connection, sinks) {}
    Connection connection;
    Tables tables;
};

/// "20260301-200107"
std::string timeInName(WallTime time) {
    std::string name;
    for (const char c : isoTime(time).substr(0, 19))
        if (c != '-' && c != ':')
            name += c == 'T' ? '-' : c;
    return name;
}

void requireFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK | X_OK) != 0)
        throw Error(ErrorCode::fileAccess, "Cannot write to the data folder " + folder.string() +
                                               ". Make it belong to the user that runs Gatefold, "
                                               "or choose another one (store.path).");
}

/// The file with its mode from the first moment on: it holds password hashes, and its log gets the
/// same mode.
const fs::path& createPrivate(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        throw Error(ErrorCode::fileAccess,
                    "Cannot open the database " + file.string() + " for writing: " +
                        std::error_code(errno, std::generic_category()).message() +
                        ". Look at its owner and mode.");
    ::fchmod(fd, 0600);
    ::close(fd);
    return file;
}

bool holdsFiles(const fs::path& folder) {
    std::error_code error;
    return fs::directory_iterator(folder, error) != fs::directory_iterator();
}

/// An empty store is begun all the same: it may be that all of this was left on purpose.
void tellOfLostHousehold(const fs::path& folder) {
    if (holdsBytes(databaseFile(folder)))
        return;
    for (const char* left : {"backups", "covers"})
        if (holdsFiles(folder / left))
            return spdlog::warn("store: the database is missing or empty; begins an empty one "
                                "although there are {}; `gatefold restore FILE` puts a backup back",
                                left);
}

[[noreturn]] void throwDamaged(const fs::path& file) {
    throw Error(ErrorCode::unusableStore,
                "The database " + file.string() +
                    " is damaged. Put a backup back: `gatefold restore FILE`.");
}

} // namespace

fs::path databaseFile(const fs::path& folder) {
    return folder / "gatefold.db";
}

struct Store::Impl {
    Impl(const fs::path& folder, const Clock& the_clock, std::vector<std::string> the_sinks)
        : file(databaseFile(folder)),
          sinks(std::move(the_sinks)),
          clock(the_clock),
          writer(createPrivate(file), Connection::Mode::readWrite, sinks) {}

    fs::path file;
    std::vector<std::string> sinks;
    const Clock& clock;
    std::mutex write_mutex;
    Desk writer;
    std::atomic<std::uint64_t> revision{0};
    std::mutex hooks_mutex;
    std::vector<std::function<void()>> hooks;

    mutable std::mutex readers_mutex;
    mutable std::condition_variable reader_free;
    mutable std::vector<std::unique_ptr<Desk>> free_readers;
    mutable std::size_t readers = 0;

    std::optional<Upkeep> upkeep; // last: its thread ends before the connections close

    std::unique_ptr<Desk> borrow() const {
        std::unique_lock lock(readers_mutex);
        if (!reader_free.wait_for(lock, longestWait, [this] {
                return !free_readers.empty() || readers < mostReaders;
            }))
            throw Error(ErrorCode::unavailable,
                        "Too many requests read the database at once; try again.");
        if (!free_readers.empty()) {
            auto reader = std::move(free_readers.back());
            free_readers.pop_back();
            return reader;
        }
        auto reader = std::make_unique<Desk>(file, Connection::Mode::readOnly, sinks);
        ++readers; // only counted once it exists
        return reader;
    }
    void giveBack(std::unique_ptr<Desk> reader) const {
        {
            const std::scoped_lock lock(readers_mutex);
            free_readers.push_back(std::move(reader));
        }
        reader_free.notify_one();
    }
};

Store::Store(const fs::path& folder, const Clock& clock, std::vector<std::string> sinks) {
    requireFolder(folder);
    requireOwnLog(databaseFile(folder));
    tellOfLostHousehold(folder);
    const bool log_was_left = holdsBytes(logOf(databaseFile(folder)));
    setDamagedLogAside(databaseFile(folder), clock.now().wall);
    try {
        impl_ = std::make_unique<Impl>(folder, clock, std::move(sinks));
        SQLite::Database& database = impl_->writer.connection.database();
        migrate(impl_->writer.connection, impl_->file, timeInName(clock.now().wall));
        const bool unclean = log_was_left || !isMarkedClean(database);
        unmarkClean(database); // a start that is refused checks again
        if (unclean && database.execAndGet("PRAGMA integrity_check(1)").getString() != "ok")
            throwDamaged(impl_->file);
        impl_->upkeep.emplace(impl_->file, impl_->writer.connection, impl_->write_mutex,
                              [this] { tidy(); });
    } catch (const SQLite::Exception& error) {
        const int code = error.getErrorCode() & 0xFF;
        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
            throwDamaged(databaseFile(folder));
        rethrow(error);
    }
}

Store::~Store() {
    try {
        const std::scoped_lock lock(impl_->write_mutex);
        markClean(impl_->writer.connection.database());
    } catch (const std::exception& error) {
        spdlog::warn("store: clean stop not marked reason={}",
                     error.what()); // the next start checks, which is all it is for
    }
}

void Store::onCommit(std::function<void()> hook) {
    const std::scoped_lock lock(impl_->hooks_mutex);
    impl_->hooks.push_back(std::move(hook));
}

void Store::runWrite(const std::function<void(Tx&)>& body) {
    bool appended = false;
    {
        const std::scoped_lock lock(impl_->write_mutex);
        Desk& desk = impl_->writer;
        try {
            SQLite::Transaction transaction(desk.connection.database(),
                                            SQLite::TransactionBehavior::IMMEDIATE);
            desk.tables.events.takeAppended();
            Tx tx = desk.tables.tx();
            body(tx);
            transaction.commit();
            ++impl_->revision;
            appended = desk.tables.events.takeAppended();
        } catch (const SQLite::Exception& error) {
            rethrow(error);
        }
    }
    if (!appended)
        return;
    const std::scoped_lock lock(impl_->hooks_mutex);
    for (const auto& hook : impl_->hooks)
        hook();
}

std::uint64_t Store::revision() const noexcept {
    return impl_->revision;
}

void Store::runRead(const std::function<void(const ReadTx&)>& body) const {
    try {
        auto reader = impl_->borrow();
        // The reader goes back however the body ends.
        struct Return {
            const Impl& impl;
            std::unique_ptr<Desk>& reader;
            ~Return() { impl.giveBack(std::move(reader)); }
        } const giving_back{*impl_, reader};
        SQLite::Transaction snapshot(reader->connection.database());
        const ReadTx tx = reader->tables.tx().reading();
        body(tx);
    } catch (const SQLite::Exception& error) {
        rethrow(error);
    }
}

void Store::tidy() {
    for (int round = 0; round < mostTidyRounds; ++round)
        if (write([this](Tx& tx) { return tx.outbox.tidy(impl_->clock.now().wall); }) == 0)
            return;
}

std::string integrityCheck(const fs::path& folder) {
    try {
        Connection reader(databaseFile(folder), Connection::Mode::readOnly);
        const std::string words =
            reader.database().execAndGet("PRAGMA integrity_check(20)").getString();
        return words == "ok" ? "" : words;
    } catch (const SQLite::Exception& error) {
        rethrow(error);
    }
}

} // namespace gatefold::store
