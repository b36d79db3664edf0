#include "os/wakeup.hpp"

#include "core/error.hpp"

#include <poll.h>
#include <sys/eventfd.h>

namespace gatefold::os {

Wakeup::Wakeup() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
        throw Error(ErrorCode::internal, "no file descriptor left");
}

void Wakeup::wake() noexcept {
    // Fails only when the counter is full, and then the sleeper is awake anyway.
    [[maybe_unused]] const int result = ::eventfd_write(event_.get(), 1);
}

void Wakeup::clear() noexcept {
    eventfd_t count = 0;
    [[maybe_unused]] const int result = ::eventfd_read(event_.get(), &count);
}

bool Wakeup::wait(std::chrono::milliseconds timeout) noexcept {
    pollfd entry{event_.get(), POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(timeout.count())) <= 0)
        return false;
    clear();
    return true;
}

} // namespace gatefold::os
