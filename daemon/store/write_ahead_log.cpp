#include "store/write_ahead_log.hpp"

#include "core/error.hpp"
#include "os/file_error.hpp"
#include "store/database_file.hpp"
#include "store/log_frames.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>

namespace gatefold::store {

namespace {

namespace fs = std::filesystem;

bool holdsOnlyZeros(const os::FileDescriptor& log, const fs::path& name) {
    constexpr std::size_t piece = 65536;
    for (std::uint64_t offset = 0;; offset += piece) {
        const auto bytes = tryRead(log, offset, piece);
        if (!bytes)
            throw os::fileError("cannot read", name, errno);
        if (std::ranges::any_of(*bytes, [](unsigned char byte) { return byte != 0; }))
            return false;
        if (bytes->size() < piece)
            return true;
    }
}

} // namespace

bool losesCommits(const os::FileDescriptor& log, const fs::path& name) {
    LogFrames frames(log, name);
    if (!frames.headIsSound())
        return !holdsOnlyZeros(log, name);
    bool reached = true, commit_lost = false, just_lost = false;
    while (const auto frame = frames.next()) {
        if (frame->error != 0)
            throw os::fileError("cannot read", name, frame->error);
        reached = reached && frame->sound;
        // The next commit was begun, or made, after one that is lost: that one was on the disk.
        if (frame->sound && (just_lost || (commit_lost && frame->pages != 0)))
            return true;
        just_lost = !reached && frame->of_log && frame->pages != 0;
        commit_lost = commit_lost || just_lost;
    }
    return false;
}

LogState stateOfLog(const fs::path& database) {
    const fs::path name = logOf(database);
    const os::FileDescriptor log(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!log)
        return errno == ENOENT ? LogState::whole : LogState::unreadable;
    if (!holdsBytes(name))
        return LogState::whole;
    try {
        return losesCommits(log, name) ? LogState::damaged : LogState::whole;
    } catch (const Error&) {
        return LogState::unreadable;
    }
}

} // namespace gatefold::store
