#pragma once

#include "ports/clock.hpp"
#include "ports/revision.hpp"
#include "ports/store.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::store {

/// The household's database: one writer behind a mutex, a pool of readers, WAL, every commit on
/// disk before it returns. Any thread.
class Store final : public UnitOfWork, public Revision {
public:
    /// Opens or makes `<folder>/gatefold.db`, migrating it (a copy is kept beside it first).
    /// `sinks`: who is handed events and states. The whole database is checked before it is used,
    /// indexes included, unless it was closed in order (clean_stop.hpp) and left no log. Throws
    /// `unusableStore` for a newer schema, a damaged file or a log of another database
    /// (requireOwnLog), `fileAccess` when the folder cannot be written, `diskFull`.
    Store(const std::filesystem::path& folder, const Clock& clock, std::vector<std::string> sinks);
    /// Marks the clean stop.
    ~Store() override;

    /// `hook` runs after every commit that appended to the event log, on the writer's thread: it
    /// wakes others and returns at once, and neither writes nor registers hooks.
    void onCommit(std::function<void()> hook);
    /// Deletes what need not be kept. A thread of the store's own calls it every quarter of an
    /// hour, and folds the write-ahead log in.
    void tidy();
    std::uint64_t revision() const noexcept override;

protected:
    void runWrite(const std::function<void(Tx&)>& body) override;
    void runRead(const std::function<void(const ReadTx&)>& body) const override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The full check of a store's database, which may be open; what is wrong in SQLite's words, empty
/// when all is well. Takes seconds. Throws as requireOwnLog.
std::string integrityCheck(const std::filesystem::path& folder);

/// Name of the database inside the data folder.
std::filesystem::path databaseFile(const std::filesystem::path& folder);

} // namespace gatefold::store
