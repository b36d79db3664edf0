#include "catalogue/catalogue_files.hpp"

#include "catalogue/index_file.hpp"
#include "catalogue/progress_file.hpp"
#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/file_error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gatefold::catalogue {

namespace {

std::filesystem::path with(const std::filesystem::path& path, const char* ending) {
    std::filesystem::path out = path;
    out += ending;
    return out;
}

[[noreturn]] void failSwitch(const CatalogueFiles& files, int error) {
    throw Error(os::fileErrorCode(error),
                "cannot put " + files.catalogue.string() + " in place: " + std::strerror(error));
}

std::filesystem::path keptLink(const CatalogueFiles& files) {
    return with(files.catalogue, ".keeping");
}

/// Whether `fd` is the file that has the name now: another build may have renamed or removed it
/// since it was opened.
bool stillNamed(int fd, const std::filesystem::path& path) {
    struct stat opened {
    }, named{};
    return ::fstat(fd, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

void removeBeside(const CatalogueFiles& files) noexcept {
    std::error_code ignored;
    for (const auto& path : {with(files.building, "-journal"), keptLink(files), files.reportInWork})
        std::filesystem::remove(path, ignored);
}

/// The application id of an SQLite database, nothing of other files. Source: SQLite's "Database
/// File Format", header string at 0 and application id at 68, big-endian.
std::optional<std::uint32_t> applicationIdOf(const std::filesystem::path& file) {
    std::array<char, 72> header{};
    std::ifstream(file, std::ios::binary).read(header.data(), header.size());
    if (std::string_view(header.data(), 16) != std::string_view("SQLite format 3\0", 16))
        return std::nullopt;
    std::uint32_t id = 0;
    for (std::size_t at = 68; at < header.size(); ++at)
        id = id << 8 | static_cast<unsigned char>(header[at]);
    return id;
}

/// `catalogue.path` and `--out` are typed by people: a database of something else is not replaced.
void requireNoOtherDatabase(const std::filesystem::path& catalogue) {
    const auto id = applicationIdOf(catalogue);
    if (id && *id != catalogueApplicationId)
        throw Error(ErrorCode::invalid, catalogue.string() +
                                            " is a database, but no catalogue: name another file. "
                                            "Nothing was written.");
}

} // namespace

Error buildError(int error) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return {os::fileErrorCode(error),
            std::string("cannot write the catalogue: ") + std::strerror(error) +
                (full ? "; a build needs room for the new catalogue beside the old one" : "")};
}

CatalogueFiles::CatalogueFiles(const std::filesystem::path& path)
    : catalogue(path),
      folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path(".")),
      previous(with(path, ".previous")),
      building(with(path, ".building")),
      report(with(path, ".skipped.tsv")),
      reportInWork(with(path, ".skipped.tsv.building")) {}

BuildLock::BuildLock(const CatalogueFiles& files) : files_(files) {
    requireNoOtherDatabase(files.catalogue);
    for (int attempt = 0; fd_ < 0; ++attempt) {
        fd_ = ::open(files.building.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
        if (fd_ < 0)
            throw os::fileError("cannot write into", files.folder, errno);
        const bool locked = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
        if (locked && stillNamed(fd_, files.building))
            break;
        ::close(fd_);
        fd_ = -1;
        if (!locked || attempt == 3)
            throw Error(ErrorCode::conflict,
                        "another build of " + files.catalogue.string() + " is at work");
    }
    removeBeside(files);
    removeStaleProgress(files.catalogue);
    if (::ftruncate(fd_, 0) != 0)
        failSwitch(files, errno);
}

BuildLock::~BuildLock() {
    if (stillNamed(fd_, files_.building))
        ::unlink(files_.building.c_str());
    removeBeside(files_);
    ::close(fd_);
}

void switchOver(const CatalogueFiles& files) {
    // A second name for the one in use, put over the previous one: then the rename drops nothing
    // that is still wanted.
    const auto kept = keptLink(files);
    if (::link(files.catalogue.c_str(), kept.c_str()) == 0) {
        if (::rename(kept.c_str(), files.previous.c_str()) != 0)
            failSwitch(files, errno);
        ::unlink(kept.c_str()); // rename leaves it where both names were one file already
    } else if (errno != ENOENT && ::rename(files.catalogue.c_str(), files.previous.c_str()) != 0) {
        failSwitch(
            files,
            errno); // file systems without links: a moment without a catalogue is all that is left
    }
    os::replaceFile(files.building, files.catalogue);
}

void rollback(const std::filesystem::path& catalogue) {
    const CatalogueFiles files(catalogue);
    const BuildLock lock(files);
    if (::access(files.previous.c_str(), F_OK) != 0)
        throw Error(ErrorCode::notFound,
                    "there is no previous catalogue beside " + catalogue.string());
    const int result = ::access(files.catalogue.c_str(), F_OK) == 0
                           ? ::renameat2(AT_FDCWD, files.previous.c_str(), AT_FDCWD,
                                         files.catalogue.c_str(), RENAME_EXCHANGE)
                           : ::rename(files.previous.c_str(), files.catalogue.c_str());
    if (result != 0)
        failSwitch(files, errno);
    os::syncFolder(files.folder);
}

void removeLitter(const std::filesystem::path& catalogue) noexcept {
    try {
        const CatalogueFiles files(catalogue);
        removeStaleProgress(catalogue);
        if (::access(files.building.c_str(), F_OK) == 0 ||
            ::access(files.reportInWork.c_str(), F_OK) == 0 ||
            ::access(keptLink(files).c_str(), F_OK) == 0)
            const BuildLock lock(files);
    } catch (const std::exception&) {
        return; // a build is at work, or the folder is read-only: nothing to tidy
    }
}

} // namespace gatefold::catalogue
