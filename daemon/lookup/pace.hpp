#pragma once

#include "core/time.hpp"

#include <deque>
#include <optional>

namespace gatefold::lookup {

/// How often a source may be asked when it says nothing else.
struct PaceRules {
    int per_window = 60; ///< requests within `window`
    Millis window{60'000};
    Millis gap{0}; ///< between two requests
};

/// What an answer's headers say about the limits.
struct LimitsTold {
    std::optional<int> limit;          ///< requests a window
    std::optional<int> remaining;      ///< of them
    std::optional<Millis> retry_after; ///< ask nothing for so long
};

/// Reckons when the next request may go: a moving window and a gap, corrected by what the server
/// counts (others may ask from the same address). One thread at a time.
class Pace {
public:
    explicit Pace(const PaceRules& rules) : rules_(rules), limit_(rules.per_window) {}
    /// The earliest moment for one more request.
    MonoTime due() const;
    void sent(MonoTime now);
    void told(const LimitsTold& told, MonoTime now);

private:
    PaceRules rules_;
    int limit_;
    std::deque<MonoTime> sent_; ///< the newest `limit_` of them at most
    MonoTime not_before_{};
};

} // namespace gatefold::lookup
