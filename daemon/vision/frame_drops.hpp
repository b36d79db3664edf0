#pragma once

#include <chrono>

namespace gatefold::vision {

/// Counts a camera's frames that were dropped because reading one took too much work, and says for
/// how long the camera rests: not at all after the first, then 1 s, 2 s, up to 10 s, so that a view
/// that stays bad costs at most a tenth of a core. A hundred frames in a row that are read make the
/// camera fine again. One thread.
class FrameDrops {
public:
    static constexpr std::chrono::seconds maxPause{10};
    static constexpr unsigned goodFrames = 100;

    /// One more is dropped. The rest before the next frame.
    std::chrono::seconds dropped();
    /// A frame was read. True when it is the one that makes the camera fine again.
    bool read();
    /// Whether the camera is not fine yet.
    bool troubled() const { return troubled_; }
    /// Dropped frames since this object was made.
    unsigned long count() const { return count_; }

private:
    unsigned long count_ = 0;
    unsigned good_ = 0;
    std::chrono::seconds next_pause_{0};
    bool troubled_ = false;
};

} // namespace gatefold::vision
