#include "store/cover_folder.hpp"

#include "core/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

/// What a file is called until it is whole; the web server never serves names with dots in front.
std::string unfinished(const std::string& name) {
    return '.' + name + ".part";
}

[[noreturn]] void refuse(const fs::path& file, int error) {
    throw Error(error == ENOSPC || error == EDQUOT || error == EIO ? ErrorCode::diskFull
                                                                   : ErrorCode::unavailable,
                "Cannot write " + file.string() + ": " +
                    std::error_code(error, std::generic_category()).message() + ".");
}

/// An open file that is written whole and synced.
void writeWhole(const fs::path& file, std::string_view bytes) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0)
        refuse(file, errno);
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count > 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EINTR)
            break;
    }
    const int error = bytes.empty() && ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    if (error != 0) {
        ::unlink(file.c_str());
        refuse(file, error);
    }
}

/// "9f2c-480.jpg" -> "9f2c"; unfinished files belong to nothing.
std::string hashOf(const std::string& name) {
    return name.starts_with('.') ? std::string() : name.substr(0, name.rfind('-'));
}

} // namespace

void CoverFolder::write(const std::string& name, std::string_view bytes) const {
    std::error_code error;
    fs::create_directories(folder_, error);
    const fs::path part = folder_ / unfinished(name);
    writeWhole(part, bytes);
    fs::rename(part, folder_ / name, error);
    if (error)
        refuse(folder_ / name, error.value());
}

void CoverFolder::keep(std::string_view hash, const std::vector<std::string>& jpegs) {
    for (std::size_t i = 0; i < coverSizes.size(); ++i)
        write(coverFileName(hash, coverSizes[i].edge_px), jpegs.at(i));
}

std::string CoverFolder::readNamed(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
}

std::string CoverFolder::read(std::string_view hash, int edge_px) const {
    return readNamed(coverFileName(hash, edge_px));
}

int CoverFolder::removeOthers(const std::set<std::string>& used, std::chrono::seconds age) {
    int removed = 0;
    std::error_code error;
    for (fs::directory_iterator entries(folder_, error); !error && entries != end(entries);
         entries.increment(error)) {
        std::error_code unreadable;
        const auto written = entries->last_write_time(unreadable);
        const bool young = unreadable || fs::file_time_type::clock::now() - written < age;
        if (young || used.contains(hashOf(entries->path().filename().string())))
            continue;
        if (fs::remove(entries->path(), unreadable))
            ++removed;
    }
    return removed;
}

} // namespace gatefold::store
