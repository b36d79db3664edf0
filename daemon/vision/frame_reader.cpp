#include "vision/frame_reader.hpp"

#include "vision/passes.hpp"

namespace gatefold::vision {

std::size_t FrameReader::passFor(const Frame& frame) {
    if (frame.repeat == 0)
        ++turn_;
    // The quick ones by turns; a still picture sees the other quick one next, then the slower ones.
    return frame.repeat < quickPasses ? (turn_ + frame.repeat) % quickPasses
                                      : frame.repeat % passCount;
}

std::optional<vision_link::WireCode> FrameReader::read(const Frame& frame) {
    return voting_.add(look_(frame, passFor(frame)), frame.at);
}

} // namespace gatefold::vision
