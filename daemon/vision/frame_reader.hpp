#pragma once

#include "vision/image.hpp"
#include "vision/voting.hpp"

#include "ports/frame_source.hpp"

#include <optional>

namespace gatefold::vision {

/// Makes scans of one camera's frames: each is looked at in one way, plain and with contrast evened
/// out in turn, and the reads vote. A picture that the source repeats is looked at in another way
/// each time, so that its reads are worth two votes. One thread.
class FrameReader {
public:
    /// The code that has become a scan with this frame. A broken frame counts for nothing.
    std::optional<vision_link::WireCode> read(const Frame& frame);

private:
    std::size_t passFor(const Frame& frame);

    std::size_t turn_ = 0;
    GrayImage still_; ///< the picture of which the source may give repeats
    Voting voting_;
};

} // namespace gatefold::vision
