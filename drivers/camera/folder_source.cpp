#include "drivers/camera/folder_source.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <poll.h>

namespace gatefold::drivers {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto frameTime = 66ms;
constexpr unsigned mostRepeats = 4; // with the first showing five frames: a whole voting window
constexpr auto idleWait = 200ms;    // how soon a stop is seen
constexpr auto lookAgain = 2s;      // network folders tell no changes
constexpr std::size_t mostFiles = 100'000;
constexpr std::uintmax_t largestFile = 25'000'000;

bool isPicture(const fs::path& file) {
    static const std::set<std::string, std::less<>> endings{".jpg", ".jpeg", ".png"};
    return endings.contains(asciiLower(file.extension().string())) &&
           !file.filename().string().starts_with(".");
}

fs::path existing(fs::path folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw Error(ErrorCode::notFound, "there is no folder " + folder.string());
    return folder;
}

} // namespace

FolderSource::FolderSource(fs::path folder, std::string after)
    : folder_(existing(std::move(folder))), after_(std::move(after)), notifier_(folder_) {
    look();
}

/// Puts new and rewritten files into the queue by name.
void FolderSource::look() {
    looked_ = Steady::now();
    std::error_code error;
    std::map<std::string, Version> now;
    for (const auto& entry : fs::directory_iterator(existing(folder_), error)) {
        if (!isPicture(entry.path()) || !entry.is_regular_file(error) || now.size() >= mostFiles)
            continue;
        const Version version{entry.last_write_time(error), entry.file_size(error)};
        if (!error && version.size > 0 && version.size <= largestFile)
            now.emplace(entry.path().filename().string(), version);
    }
    for (const auto& [name, version] : now) {
        const auto known = seen_.find(name);
        if (known == seen_.end() ? name <= after_ : known->second == version)
            continue;
        // Only a file that was seen before can be waiting already.
        if (known == seen_.end() ||
            std::find(waiting_.begin(), waiting_.end(), name) == waiting_.end())
            waiting_.push_back(name);
    }
    std::sort(waiting_.begin(), waiting_.end());
    after_.clear(); // a name that comes later counts, whatever it is
    seen_ = std::move(now);
}

bool FolderSource::load(const std::string& name) {
    std::ifstream file(folder_ / name, std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    if (size <= 0 || static_cast<std::uintmax_t>(size) > largestFile)
        return false;
    bytes_.resize(static_cast<std::size_t>(size));
    file.seekg(0).read(reinterpret_cast<char*>(bytes_.data()), size);
    frame_.bytes = bytes_;
    frame_.name = name;
    return file.gcount() == size;
}

void FolderSource::waitFor(std::chrono::milliseconds time) const {
    pollfd entry{notifier_.fd(), POLLIN, 0};
    ::poll(&entry, 1, static_cast<int>(std::max<std::chrono::milliseconds::rep>(time.count(), 0)));
}

const Frame* FolderSource::give(unsigned repeat) {
    frame_.repeat = repeat;
    frame_.at = std::chrono::time_point_cast<Millis>(Steady::now());
    due_ = Steady::now() + frameTime;
    return &frame_;
}

const Frame* FolderSource::next(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (notifier_.clear() || Steady::now() - looked_ > lookAgain)
            look();
        const bool repeatable = !frame_.name.empty() && frame_.repeat < mostRepeats;
        if (Steady::now() < due_) {
            waitFor(std::chrono::ceil<std::chrono::milliseconds>(due_ - Steady::now()));
            continue;
        }
        if (!waiting_.empty()) {
            const std::string name = std::exchange(waiting_.front(), {});
            waiting_.pop_front();
            if (load(name))
                return give(0);
        } else if (repeatable) {
            return give(frame_.repeat + 1);
        } else {
            waitFor(idleWait);
        }
    }
    return nullptr;
}

} // namespace gatefold::drivers
