#pragma once

#include "vision/voting.hpp"

#include "ports/frame_source.hpp"

#include <cstddef>
#include <functional>
#include <optional>

namespace gatefold::vision {

/// Looks at a frame in way `pass`. A frame with `repeat` is the one before it.
using Look =
    std::function<std::optional<vision_link::WireCode>(const Frame& frame, std::size_t pass)>;

/// Makes scans of one camera's frames: each is looked at in one way, plain and with contrast evened
/// out in turn, and the reads vote. A picture that the source repeats is looked at in another way
/// each time, so that its reads are worth two votes. One thread.
class FrameReader {
public:
    explicit FrameReader(Look look) : look_(std::move(look)) {}
    /// The code that has become a scan with this frame. Throws what `look` throws; that frame
    /// counts for nothing.
    std::optional<vision_link::WireCode> read(const Frame& frame);

private:
    std::size_t passFor(const Frame& frame);

    Look look_;
    std::size_t turn_ = 0;
    Voting voting_;
};

} // namespace gatefold::vision
