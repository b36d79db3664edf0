#include "store/restore.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"
#include "store/backup_check.hpp"
#include "store/clean_stop.hpp"
#include "store/connection.hpp"
#include "store/database_file.hpp"
#include "store/migrations.hpp"
#include "store/packed_photos.hpp"
#include "store/replaced_files.hpp"
#include "store/replaced_store.hpp"
#include "store/store.hpp"

#include <string>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// What becomes the database.
fs::path incomingFile(const fs::path& folder) {
    return databaseFile(folder).string() + ".incoming";
}

/// The schema of this program. `name` is what messages call the file.
void bringUpToDate(const fs::path& incoming, const fs::path& name) {
    try {
        Connection connection(incoming, Connection::Mode::readWrite);
        migrateWithoutCopy(connection, incoming);
        connection.database().exec("PRAGMA journal_mode = DELETE");
    } catch (const SQLite::Exception& error) {
        rethrowOf(error, name);
    } catch (const Error& error) {
        throw Error(error.code(),
                    name.string() + " cannot be brought to this version: " + error.message());
    }
}

/// Numbers that were given after the backup was made stay given: cards and labels are printed, and
/// the number line of events never goes back.
void carryNumbers(const ReplacedStore::Numbers& numbers, const fs::path& into) {
    SQLite::Database restored(into.string(), SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(restored);
    for (const auto& [name, number] : numbers) {
        SQLite::Statement raise(restored,
                                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?");
        raise.bind(1, number);
        raise.bind(2, name);
        if (raise.exec() == 0) {
            SQLite::Statement add(restored, "INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)");
            add.bind(1, name);
            add.bind(2, number);
            add.exec();
        }
    }
    transaction.commit();
}

void unpack(UnpackedPhotos& photos, const fs::path& incoming) {
    SQLite::Database database(incoming.string(), SQLite::OPEN_READWRITE);
    photos.unpack(database);
}

/// Its checks follow: the next start need not repeat them, which would keep a daemon that has told
/// it is ready from answering for long.
void markChecked(const fs::path& incoming) {
    SQLite::Database restored(incoming.string(), SQLite::OPEN_READWRITE);
    markClean(restored);
}

void requireSame(const BackupInfo& placed, const BackupInfo& expected) {
    if (placed.copies != expected.copies || placed.scans != expected.scans ||
        placed.plays != expected.plays)
        throw Error(ErrorCode::internal, "The restored database does not hold what was put there.");
}

/// Exchanges the store, and checks the new one at its place.
Restored exchange(UnfinishedDatabase& incoming, ReplacedStore& before, const BackupInfo& expected,
                  const fs::path& database) {
    try {
        before.setAside();
        incoming.putInPlace(database);
        Restored restored{verifyDatabase(database, database), {}};
        requireSame(restored.info, expected);
        restored.replaced = before.keep();
        return restored;
    } catch (...) {
        before.putBack();
        throw;
    }
}

Restored replaceStore(const GivenDatabase& given, const fs::path& folder, const Clock& clock) {
    const fs::path database = databaseFile(folder);
    UnfinishedDatabase incoming(incomingFile(folder));
    incoming.copyFrom(given);
    const BackupInfo as_it_came = verifyDatabase(incoming.path(), given.name());
    bringUpToDate(incoming.path(), given.name());
    ReplacedStore before(database, clock);
    carryNumbers(before.numbers(), incoming.path());
    UnpackedPhotos photos(folder);
    unpack(photos, incoming.path());
    markChecked(incoming.path());
    requireSame(verifyDatabase(incoming.path(), given.name()), as_it_came);
    Restored restored = exchange(incoming, before, as_it_came, database);
    photos.keep();
    restored.info.file = given.name().string();
    restored.info.bytes = given.bytes();
    restored.info.made_at = given.writtenAt();
    return restored;
}

} // namespace

void requireOtherThanStore(const GivenDatabase& given, const fs::path& folder) {
    if (given.is(databaseFile(folder)))
        throw Error(ErrorCode::invalid, given.name().string() + " is the store itself.");
}

Restored restoreBackup(const GivenDatabase& given, const fs::path& folder, const Clock& clock) {
    requireOtherThanStore(given, folder);
    try {
        os::makeFolder(folder);
        return replaceStore(given, folder, clock);
    } catch (const SQLite::Exception& error) {
        rethrow(error);
    } catch (const fs::filesystem_error& error) {
        throw os::fileError("cannot put the backup into", folder, error.code().value());
    }
}

void removeUnfinishedRestore(const fs::path& folder) noexcept {
    const UnfinishedDatabase removed(incomingFile(folder));
    removeSecondNames(folder);
}

} // namespace gatefold::store
