#pragma once

#include "lookup/breaker.hpp"
#include "lookup/pace.hpp"
#include "lookup/waiting.hpp"
#include "ports/clock.hpp"
#include "ports/online_source.hpp"

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace gatefold::lookup {

struct GateRules {
    PaceRules pace;
    BreakerRules breaker;
    std::size_t most_waiting = 64;
};

/// The queue before one source: one request at a time, persons before background work, then in
/// order of arrival, never faster than the source allows, and not at all while its breaker is
/// open. Any thread.
class Gate {
public:
    Gate(std::string source, const GateRules& rules, const Clock& clock, Waiting& waiting,
         Jitter jitter);

    /// The right to make one request. Exactly one of the two ends is told before it goes; without
    /// (an exception of our own) the request counts for the limits only.
    class Turn {
    public:
        explicit Turn(Gate& gate) : gate_(gate) {}
        ~Turn() { gate_.leave(); }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        void succeeded(const LimitsTold& told) { gate_.succeeded(told); }
        /// When the source may be asked again.
        WallTime failed(Failure failure, const LimitsTold& told) {
            return gate_.failed(std::move(failure), told);
        }

    private:
        Gate& gate_;
    };

    /// Waits for a turn as long as `call` allows. Throws OnlineError, in the words of the port.
    void enter(const OnlineCall& call);
    /// Forgets a refusal: the token is another one.
    void forgive();

    struct View {
        std::size_t waiting = 0;
        Failure last_failure;
        int failures_in_a_row = 0;
        std::optional<WallTime> until; ///< only when it is still to come
        std::optional<WallTime> last_success_at;
    };
    View view() const;

private:
    /// Smaller is earlier.
    using Ticket = std::pair<OnlinePriority, std::uint64_t>;

    void leave();
    void succeeded(const LimitsTold& told);
    WallTime failed(Failure failure, const LimitsTold& told);
    MonoTime due() const;
    void refuseWhenHopeless(const Now& now, MonoTime deadline, const OnlineCall& call) const;
    [[noreturn]] void refuse(const Now& now) const;

    const std::string source_;
    const std::size_t most_waiting_;
    const Clock& clock_;
    Waiting& waiting_;
    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::set<Ticket> queue_;
    std::uint64_t next_number_ = 0;
    bool busy_ = false;
    Pace pace_;
    Breaker breaker_;
    std::optional<WallTime> last_success_at_;
};

} // namespace gatefold::lookup
