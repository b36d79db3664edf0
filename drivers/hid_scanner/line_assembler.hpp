#pragma once

#include "core/time.hpp"
#include "drivers/hid_scanner/keyboard_report.hpp"

#include <optional>
#include <span>
#include <vector>

namespace gatefold::drivers {

/// Cuts the key strokes of a keyboard scanner into codes: a code ends by Enter, keypad Enter or
/// Tab, or by silence.
class LineAssembler {
public:
    /// Silence that ends a code of a scanner that was never seen to send an end key ...
    static constexpr Millis idleGap{200};
    /// ... and of one that was: for these silence is the exception, and a slow one must not be cut.
    static constexpr Millis idleGapWithEndKey{600};
    static constexpr std::size_t maxStrokes = 4096;

    /// Takes one stroke; the strokes of the code that it ended, without the end key, if any were
    /// there. An endless code is given out once, at its 4,096th stroke; what follows is thrown away
    /// up to its end.
    std::optional<std::vector<Stroke>> take(const Stroke& stroke, MonoTime now);
    /// When idle() has to be called, if a code is open.
    std::optional<MonoTime> deadline() const;
    /// The open code, when `now` is at or past the deadline.
    std::optional<std::vector<Stroke>> idle(MonoTime now);
    /// Drops an open code.
    void reset();

private:
    std::optional<std::vector<Stroke>> finish();

    std::vector<Stroke> strokes_;
    MonoTime last_{};
    bool overlong_ = false;
    bool end_key_seen_ = false;
};

} // namespace gatefold::drivers
