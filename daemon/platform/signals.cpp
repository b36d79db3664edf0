#include "platform/signals.hpp"

#include <pthread.h>
#include <unistd.h>

namespace gatefold::platform {

Signals::Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
    sigaction(SIGXFSZ, &ignore, nullptr); // a write beyond the limit of a file's size fails instead
}

std::optional<int> Signals::wait(std::chrono::milliseconds timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timespec limit{seconds.count(),
                         static_cast<long>((timeout - seconds).count()) * 1'000'000};
    const int signal = sigtimedwait(&set_, nullptr, &limit);
    return signal > 0 ? std::optional(signal) : std::nullopt;
}

void Signals::requestStop() noexcept {
    ::kill(::getpid(), SIGTERM);
}

} // namespace gatefold::platform
