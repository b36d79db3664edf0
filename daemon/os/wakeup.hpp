#pragma once

#include "os/file_descriptor.hpp"

#include <chrono>

namespace gatefold::os {

/// Wakes one thread that sleeps in poll() or in `wait`. Wakes before the sleep count; many are one.
/// All functions from any thread.
class Wakeup {
public:
    /// Throws Error `internal` when the process has no descriptor left.
    Wakeup();
    void wake() noexcept;
    /// For poll(): readable after a wake until `clear`.
    int fd() const noexcept { return event_.get(); }
    void clear() noexcept;
    /// Sleeps until woken or for `timeout`; true when woken, and cleared then.
    bool wait(std::chrono::milliseconds timeout) noexcept;

private:
    FileDescriptor event_;
};

} // namespace gatefold::os
