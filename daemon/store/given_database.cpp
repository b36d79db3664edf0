#include "store/given_database.hpp"

#include "core/error.hpp"
#include "core/time.hpp"
#include "os/file_error.hpp"
#include "os/write_bytes.hpp"
#include "store/database_head.hpp"
#include "store/write_ahead_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

struct ::stat statusOf(const os::FileDescriptor& file, const fs::path& name) {
    struct ::stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw os::fileError("cannot read", name, errno);
    return status;
}

/// SQLite takes the missing part of the last page for zeros. With a log beside it the file may be
/// shorter or longer.
void requireWholePages(const os::FileDescriptor& file, const fs::path& name) {
    DatabaseHead::Bytes bytes{};
    const ssize_t length = ::pread(file.get(), bytes.data(), bytes.size(), 0);
    if (length < 0)
        throw os::fileError("cannot read", name, errno);
    const auto head = headIn(bytes, static_cast<std::size_t>(length));
    if (!head || head->bytes == 0)
        return; // the check of a backup tells what it is
    const auto found = static_cast<std::int64_t>(statusOf(file, name).st_size);
    if (found != head->bytes)
        throw Error(ErrorCode::invalid, name.string() + " is damaged: it has " +
                                            std::to_string(found) + " bytes and should have " +
                                            std::to_string(head->bytes) + ".");
}

void copyPart(const os::FileDescriptor& from, const fs::path& name, const fs::path& path) {
    const os::FileDescriptor out(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!out)
        throw os::fileError("cannot write", path, errno);
    os::copyBytes(from, name, out, path);
}

} // namespace

std::string timeWritten(const struct ::stat& status) {
    return isoTime(WallTime(std::chrono::seconds(status.st_mtime)));
}

GivenDatabase::GivenDatabase(const fs::path& file) : name_(file) {
    std::error_code error;
    const fs::path real = fs::canonical(file, error); // SQLite names logs after the file itself
    if (error)
        throw os::fileError("cannot read", file, error.value());
    os::FileDescriptor opened(::open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!opened)
        throw os::fileError("cannot read", file, errno);
    const auto status = statusOf(opened, file);
    if (S_ISDIR(status.st_mode))
        throw Error(ErrorCode::invalid,
                    file.string() + " is a folder: name the backup file itself.");
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorCode::invalid, file.string() + " is no file.");
    files_.push_back({"", std::move(opened)});
    openLog(real, "-wal");
    openLog(real, "-journal");
    if (!hasLog())
        requireWholePages(files_.front().file, file);
}

void GivenDatabase::openLog(const fs::path& file, const char* ending) {
    const fs::path name = file.string() + ending;
    os::FileDescriptor log(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!log && errno == ENOENT)
        return;
    if (!log)
        throw os::fileError("cannot read", name, errno);
    if (statusOf(log, name).st_size == 0)
        return;
    if (std::string_view(ending) == "-wal" && losesCommits(log, name))
        throw Error(ErrorCode::invalid, name.string() +
                                            " is damaged: what this log holds would be missing. To "
                                            "restore without it, move it away first.");
    files_.push_back({ending, std::move(log)});
}

bool GivenDatabase::is(const fs::path& file) const {
    const auto own = statusOf(files_.front().file, name_);
    struct ::stat other {};
    return ::stat(file.c_str(), &other) == 0 && own.st_dev == other.st_dev &&
           own.st_ino == other.st_ino;
}

std::int64_t GivenDatabase::bytes() const {
    std::int64_t sum = 0;
    for (const Part& part : files_)
        sum += statusOf(part.file, name_).st_size;
    return sum;
}

std::string GivenDatabase::writtenAt() const {
    return timeWritten(statusOf(files_.front().file, name_));
}

void GivenDatabase::copyTo(const fs::path& path) const {
    for (const Part& part : files_)
        copyPart(part.file, name_, path.string() + part.ending);
}

} // namespace gatefold::store
