#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::drivers {

/// Cuts the bytes of a serial line into codes: they end by CR, LF, CR LF, Tab, ETX or silence. STX
/// at a code's start is framing too.
class SerialFramer {
public:
    /// Silence that ends a code of a scanner that was never seen to send an end byte ...
    static constexpr Millis idleGap{200};
    /// ... and of one that was.
    static constexpr Millis idleGapWithEndByte{600};

    /// Takes bytes as they came; the codes that they ended, in order. A code of more than 4,096
    /// bytes is given out once, cut, as soon as it is that long; the rest is thrown away up to its
    /// end.
    std::vector<std::string> take(std::string_view bytes, MonoTime now);
    /// When idle() has to be called, if a code is open.
    std::optional<MonoTime> deadline() const;
    /// The open code, when `now` is at or past the deadline.
    std::optional<std::string> idle(MonoTime now);
    /// Drops an open code: unplugged.
    void reset();

private:
    std::optional<std::string> finish();

    std::string code_;
    MonoTime last_{};
    bool overlong_ = false;
    bool end_byte_seen_ = false;
};

} // namespace gatefold::drivers
