#include "drivers/camera/notifier.hpp"

#include "core/error.hpp"

#include <array>

#include <sys/inotify.h>
#include <unistd.h>

namespace gatefold::drivers {

Notifier::Notifier(const std::filesystem::path& folder)
    : fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    constexpr std::uint32_t changes = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
                                      IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_ONLYDIR;
    if (fd_ >= 0 && ::inotify_add_watch(fd_, folder.c_str(), changes) >= 0)
        return;
    if (fd_ >= 0)
        ::close(fd_);
    throw Error(ErrorCode::unavailable, "the folder " + folder.string() + " cannot be watched");
}

Notifier::~Notifier() {
    ::close(fd_);
}

bool Notifier::clear() noexcept {
    alignas(inotify_event) std::array<char, 4096> events;
    bool some = false;
    while (::read(fd_, events.data(), events.size()) > 0)
        some = true;
    return some;
}

} // namespace gatefold::drivers
