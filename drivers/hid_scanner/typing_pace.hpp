#pragma once

#include "core/time.hpp"

#include <optional>

namespace gatefold::drivers {

/// Tells a person's typing from a scanner's by the time between keys. A scanner sends a key every
/// 1-40 ms and stops; a person needs 80 ms and more and goes on.
class TypingPace {
public:
    /// A key went down at `now`.
    void press(MonoTime now);
    /// The code that is open ended: true when it may be a scanner's. One that came key by key at a
    /// person's pace is not.
    bool endCode();
    /// True once enough keys came at a person's pace; never for a device that has sent a long code
    /// at a scanner's pace.
    bool byHand() const;

private:
    std::optional<MonoTime> last_;
    int fast_ = 0, slow_ = 0;           ///< gaps since plugged in
    int code_fast_ = 0, code_slow_ = 0; ///< gaps within the open code
    bool proven_ = false;
};

} // namespace gatefold::drivers
