#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace gatefold {

/// Sleeps for `duration`, or until a stop is asked for. Whether one is.
inline bool sleepUnlessStopped(const std::stop_token& stop, std::chrono::milliseconds duration) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    return never.wait_for(lock, stop, duration, [&] { return stop.stop_requested(); });
}

} // namespace gatefold
