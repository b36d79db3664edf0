#include "store/cover_folder.hpp"

#include "core/error.hpp"
#include "os/atomic_file.hpp"
#include "os/read_file.hpp"
#include "store/database_file.hpp"
#include "store/replaced_files.hpp"

#include <cstddef>
#include <system_error>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestFile = 64'000'000; // far above what `keep` is given

/// "9f2c-480.jpg" -> "9f2c"; unfinished files belong to nothing.
std::string hashOf(const std::string& name) {
    return name.starts_with('.') ? std::string() : name.substr(0, name.rfind('-'));
}

} // namespace

void CoverFolder::write(const std::string& name, std::string_view bytes) const {
    os::makeFolder(folder_, 0750);
    os::writeAtomically(folder_ / name, bytes, 0640);
}

bool CoverFolder::holds(const std::string& name) const noexcept {
    return holdsBytes(folder_ / name);
}

void CoverFolder::remove(const std::string& name) const noexcept {
    std::error_code ignored; // a file that nothing uses is removed later
    fs::remove(folder_ / name, ignored);
}

void CoverFolder::keep(std::string_view hash, const std::vector<std::string>& jpegs) {
    for (std::size_t i = 0; i < coverSizes.size(); ++i)
        write(coverFileName(hash, coverSizes[i].edge_px), jpegs.at(i));
}

std::string CoverFolder::readNamed(const std::string& name) const {
    try {
        return os::readFile(folder_ / name, largestFile);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::notFound)
            throw;
        return {};
    }
}

std::string CoverFolder::read(std::string_view hash, int edge_px) const {
    return readNamed(coverFileName(hash, edge_px));
}

int CoverFolder::removeOthers(const std::set<std::string>& used, std::chrono::seconds age) {
    const auto replaced = photosOfReplaced(folder_.parent_path());
    if (!replaced)
        return 0; // a later time tells
    int removed = 0;
    std::error_code error;
    for (fs::directory_iterator entries(folder_, error); !error && entries != end(entries);
         entries.increment(error)) {
        std::error_code unreadable;
        const auto written = entries->last_write_time(unreadable);
        const bool young = unreadable || fs::file_time_type::clock::now() - written < age;
        const std::string hash = hashOf(entries->path().filename().string());
        if (young || used.contains(hash) || replaced->contains(hash))
            continue;
        if (fs::remove(entries->path(), unreadable))
            ++removed;
    }
    return removed;
}

} // namespace gatefold::store
