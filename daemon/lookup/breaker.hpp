#pragma once

#include "core/time.hpp"

#include <functional>
#include <string>

namespace gatefold::lookup {

/// Why a request failed, as far as it matters for asking again.
enum class FailureKind {
    none,
    busy,        ///< 429, or 503 with a time: the source answers, but not now
    refused,     ///< 401, 403: it does not want this box or its token
    unreachable, ///< no connection, too slow, 5xx, something else than its documented answer
};

struct Failure {
    FailureKind kind = FailureKind::unreachable;
    std::string detail; ///< for people
    Millis at_least{0}; ///< the shortest pause, from Retry-After
};

struct BreakerRules {
    Millis first_pause{2'000}; ///< doubles with each failure in a row
    Millis longest_pause{15 * 60'000};
    Millis refused_pause{15 * 60'000}; ///< asking again sooner cannot help and looks like an attack
    int failures_to_open = 5;
};

/// A number in [0, 1) for each call; spreads the boxes that lost a source at the same moment.
using Jitter = std::function<double()>;

/// Back-off and circuit breaker of one source. Closed: requests go, after a failure with a growing
/// pause before the next. Open (several failures in a row, or refused): nobody waits for the source
/// any more until the pause is over; then one request tries, and its end closes the breaker or
/// opens it again. One thread at a time.
class Breaker {
public:
    Breaker(const BreakerRules& rules, Jitter jitter) : rules_(rules), jitter_(std::move(jitter)) {}
    MonoTime due() const { return due_; }
    bool open(MonoTime now) const { return open_ && now < due_; }
    const Failure& last() const { return last_; }
    int failuresInARow() const { return failures_; }
    void succeeded();
    /// The pause is the doubled one times a factor in [0.5, 1), or what the source asked for when
    /// that is longer.
    void failed(Failure failure, MonoTime now);

private:
    BreakerRules rules_;
    Jitter jitter_;
    Failure last_{FailureKind::none, {}, Millis{0}};
    int failures_ = 0;
    bool open_ = false;
    MonoTime due_{};
};

} // namespace gatefold::lookup
