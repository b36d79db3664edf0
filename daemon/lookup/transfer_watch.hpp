#pragma once

#include "ports/clock.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace gatefold::lookup {

/// Ends a transfer that takes too long as a whole or is stopped, however it hangs (handshake,
/// headers, one byte now and then): shuts the socket down, so that whoever reads from it wakes up.
class TransferWatch {
public:
    enum class End { none, late, stopped };

    TransferWatch(const Clock& clock, MonoTime deadline, std::stop_token stop, int socket);
    ~TransferWatch();
    TransferWatch(const TransferWatch&) = delete;
    TransferWatch& operator=(const TransferWatch&) = delete;

    /// Why it shut the socket down, if it did. Looks at the clock itself too, so that a fast flood
    /// cannot outrun the watching thread.
    End end();

private:
    /// A descriptor of its own: the reader may close his while the watch still looks, and his
    /// number may be somebody else's by then.
    struct Descriptor {
        explicit Descriptor(int socket);
        ~Descriptor();
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
        const int number;
    };

    void watch(const std::stop_token& over) noexcept;
    void endAs(End why) noexcept;

    const Clock& clock_;
    const MonoTime deadline_;
    const std::stop_token stop_;
    const Descriptor socket_;
    std::atomic<End> end_{End::none};
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::jthread thread_; ///< last: it uses all above
};

} // namespace gatefold::lookup
