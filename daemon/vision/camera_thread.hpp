#pragma once

#include "vision/frame_reader.hpp"

#include "drivers/vision_link/protocol.hpp"

#include "ports/frame_source.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace gatefold::vision {

class FrameDrops;

/// Where a camera's messages go. Any thread; throws when the daemon is gone.
using Send = std::function<void(const vision_link::Message&)>;

/// How one camera is opened, again and again.
struct CameraPlan {
    std::string id, port;
    /// Throws Error `notFound` when it is not there, another Error when it cannot be used.
    std::function<std::unique_ptr<FrameSource>()> open;
    /// Between tries; `wake` shortens it.
    std::chrono::milliseconds retry{1000};
};

/// Reads one camera on a thread of its own for as long as this object lives: opens it, makes scans
/// of its frames, says what became of it, and tries again after every failure.
class CameraThread {
public:
    /// `look` is called on the camera's thread; one that throws FrameDropped costs that frame.
    CameraThread(CameraPlan plan, Look look, Send send);
    /// Something was plugged: try to open at once. Any thread.
    void wake();
    const CameraPlan& plan() const { return plan_; }

private:
    void run(const std::stop_token& stop) noexcept;
    void readOnce(const std::stop_token& stop, FrameReader& reader, FrameDrops& drops);
    void read(const Frame& frame, FrameReader& reader);
    void report(const std::string& product, bool present, bool claimed, const std::string& note);
    void reportDrop(const FrameDrops& drops, const std::string& why);
    void rest(const std::stop_token& stop);
    void pause(const std::stop_token& stop, std::chrono::seconds time);

    CameraPlan plan_;
    Look look_;
    Send send_;
    vision_link::CameraStatus last_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool woken_ = false;
    std::jthread thread_; // last: it uses all of the above
};

} // namespace gatefold::vision
