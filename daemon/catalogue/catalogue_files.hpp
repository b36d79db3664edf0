#pragma once

#include "core/error.hpp"

#include <filesystem>

namespace gatefold::catalogue {

/// Names of the files around a catalogue: all in its folder, all beginning with its name.
struct CatalogueFiles {
    explicit CatalogueFiles(const std::filesystem::path& catalogue);
    std::filesystem::path catalogue, folder;
    std::filesystem::path previous; ///< what `rollback` goes back to
    std::filesystem::path building; ///< the one in work
    std::filesystem::path report;   ///< releases that the last build left out
    std::filesystem::path reportInWork;
};

/// The Error for an errno of a file that a build writes.
Error buildError(int error);

/// Holds the right to build beside `catalogue` by a lock on the file in work, which ends with the
/// process, however that ends. Takes the leavings of a killed build away; its own, too, unless
/// `switchOver` has put them in place.
class BuildLock {
public:
    /// Throws Error `conflict` when another build is at work, `fileAccess` or `diskFull` when the
    /// folder cannot be written, `invalid` when the catalogue's name is that of another database.
    explicit BuildLock(const CatalogueFiles& files);
    ~BuildLock();
    BuildLock(const BuildLock&) = delete;
    BuildLock& operator=(const BuildLock&) = delete;

private:
    CatalogueFiles files_;
    int fd_ = -1;
};

/// Puts the finished file in the catalogue's place in one step, and the one in use in the place of
/// the previous one. At every moment a whole catalogue has the name. Throws Error `fileAccess` or
/// `diskFull`.
void switchOver(const CatalogueFiles& files);

/// Exchanges the catalogue and the previous one (again: forward). Throws Error `notFound` when
/// there is no previous one.
void rollback(const std::filesystem::path& catalogue);

/// Removes what a killed build has left; nothing while a build is at work. Never throws: litter
/// must not stop a start.
void removeLitter(const std::filesystem::path& catalogue) noexcept;

} // namespace gatefold::catalogue
