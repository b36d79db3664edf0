#include "vision/frame_drops.hpp"

#include <algorithm>
#include <utility>

namespace gatefold::vision {

using namespace std::chrono_literals;

std::chrono::seconds FrameDrops::dropped() {
    ++count_;
    good_ = 0;
    troubled_ = true;
    return std::exchange(next_pause_, next_pause_ == 0s ? 1s : std::min(2 * next_pause_, maxPause));
}

bool FrameDrops::read() {
    if (!troubled_ || ++good_ < goodFrames)
        return false;
    good_ = 0;
    troubled_ = false;
    next_pause_ = 0s;
    return true;
}

} // namespace gatefold::vision
