#pragma once

#include "store/cover_folder.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <vector>

namespace gatefold::store {

/// The household's own photos travel inside a backup: they are nowhere else. Covers from online
/// sources stay out, and are fetched again. `folder` is the store's. Gives the names of photos that
/// are there and cannot be read: they are left out. Throws SQLite::Exception.
std::vector<std::string> packPhotos(SQLite::Database& backup, const std::filesystem::path& folder);

/// Photos of a backup, laid into the folder of covers. Unless keep() is called, they are gone at
/// the end of the scope.
class UnpackedPhotos {
public:
    /// `folder` is the store's.
    explicit UnpackedPhotos(const std::filesystem::path& folder) : files_(folder) {}
    ~UnpackedPhotos();
    UnpackedPhotos(const UnpackedPhotos&) = delete;
    UnpackedPhotos& operator=(const UnpackedPhotos&) = delete;

    /// Writes each photo to the disk, and takes them out of the database. A file of that name is
    /// the same photo, and stays as it is. Throws SQLite::Exception, Error as os::writeAtomically.
    void unpack(SQLite::Database& backup);
    void keep() noexcept { written_.clear(); }

private:
    CoverFolder files_;
    std::vector<std::string> written_;
};

} // namespace gatefold::store
