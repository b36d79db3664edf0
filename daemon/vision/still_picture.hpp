#pragma once

#include "vision/image.hpp"

#include "drivers/vision_link/protocol.hpp"

#include "ports/frame_source.hpp"

#include <cstddef>
#include <optional>

namespace gatefold::vision {

/// The frame that is looked at; it is kept, because a still one is looked at in several ways. One
/// thread.
class StillPicture {
public:
    /// What `pass` reads in the frame; where the frame is a repeat, in the picture that is kept. A
    /// broken frame holds nothing.
    std::optional<vision_link::WireCode> look(const Frame& frame, std::size_t pass);

private:
    GrayImage picture_;
};

} // namespace gatefold::vision
