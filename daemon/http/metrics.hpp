#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace gatefold::http {

/// Counters of the server. Any thread.
struct Metrics {
    std::array<std::atomic<std::int64_t>, 6> replies{}; ///< by class of status: [2] = 2xx
    std::atomic<std::int64_t> streams{0};               ///< open event streams
    std::atomic<std::int64_t> connections{0};           ///< open connections
};

} // namespace gatefold::http
