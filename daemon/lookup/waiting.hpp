#pragma once

#include "ports/clock.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

namespace gatefold::lookup {

/// How threads of this folder sleep: through an interface, so that tests own the time.
class Waiting {
public:
    virtual ~Waiting() = default;
    /// Sleeps until `until`, a notification of `changed`, or a stop, whichever comes first; may
    /// return early. `lock` is held on entry and on return.
    virtual void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
                       MonoTime until, const std::stop_token& stop) = 0;
};

/// Sleeps in real time.
class RealWaiting final : public Waiting {
public:
    explicit RealWaiting(const Clock& clock) : clock_(clock) {}
    void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable_any& changed,
               MonoTime until, const std::stop_token& stop) override {
        bool woken = false;
        changed.wait_for(lock, stop, until - clock_.now().mono,
                         [&] { return std::exchange(woken, true); });
    }

private:
    const Clock& clock_;
};

} // namespace gatefold::lookup
