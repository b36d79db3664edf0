#pragma once

#include <signal.h>

#include <chrono>
#include <optional>

namespace gatefold::platform {

/// Makes signals a thing that the main thread waits for. Construct first thing in `main`: threads
/// inherit the blocked set.
class Signals {
public:
    /// Blocks SIGINT, SIGTERM and SIGHUP; ignores SIGPIPE, so that a peer that left is an error
    /// code.
    Signals();
    /// The next of these signals, or nothing after `timeout`. Main thread only.
    std::optional<int> wait(std::chrono::milliseconds timeout);
    /// Asks the main thread to stop in good order, as SIGTERM does. Any thread.
    static void requestStop() noexcept;

private:
    sigset_t set_;
};

} // namespace gatefold::platform
