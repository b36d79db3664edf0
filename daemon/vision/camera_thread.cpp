#include "vision/camera_thread.hpp"

#include "vision/frame_decoder.hpp"
#include "vision/frame_drops.hpp"
#include "vision/frame_reader.hpp"

#include "core/error.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace gatefold::vision {

namespace {

/// A scan is at most 4,096 bytes; of a longer code that much is journalled.
constexpr std::size_t maxScanBytes = 4096;

} // namespace

CameraThread::CameraThread(CameraPlan plan, Look look, Send send)
    : plan_(std::move(plan)),
      look_(std::move(look)),
      send_(std::move(send)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void CameraThread::wake() {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
    changed_.notify_all();
}

void CameraThread::rest(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, plan_.retry, [this] { return woken_; });
    woken_ = false;
}

void CameraThread::report(const std::string& product, bool present, bool claimed,
                          const std::string& note) {
    vision_link::CameraStatus status{plan_.id, plan_.port, product, note, present, claimed};
    if (status == last_)
        return;
    spdlog::info("vision: camera id={} present={} claimed={} note=\"{}\"", status.id, present,
                 claimed, note);
    send_(status);
    last_ = std::move(status);
}

/// A wake does not shorten it.
void CameraThread::pause(const std::stop_token& stop, std::chrono::seconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
}

void CameraThread::reportDrop(const FrameDrops& drops, const std::string& why) {
    report(last_.product, true, true,
           std::to_string(drops.count()) +
               (drops.count() == 1 ? " picture was" : " pictures were") +
               " dropped, the last one because " + why + ": change what this camera sees");
}

void CameraThread::read(const Frame& frame, FrameReader& reader) {
    if (!frame.name.empty() && frame.repeat == 0)
        send_(vision_link::FrameStarted{plan_.port, frame.name});
    auto code = reader.read(frame);
    if (!code)
        return;
    code->text.resize(std::min(code->text.size(), maxScanBytes));
    send_(vision_link::CameraScan{plan_.id, std::move(*code)});
}

void CameraThread::readOnce(const std::stop_token& stop, FrameReader& reader, FrameDrops& drops) {
    const auto source = plan_.open();
    report(source->product(), true, true, drops.troubled() ? last_.note : "");
    while (const Frame* frame = source->next(stop)) {
        try {
            read(*frame, reader);
            if (drops.read())
                report(last_.product, true, true, "");
        } catch (const FrameDropped& dropped) {
            const auto time = drops.dropped();
            reportDrop(drops, dropped.what());
            pause(stop, time);
        }
    }
}

void CameraThread::run(const std::stop_token& stop) noexcept {
    // Both outlive a camera's reopening: a code still in view is no new scan, a bad view stays bad.
    FrameReader reader(look_);
    FrameDrops drops;
    while (!stop.stop_requested()) {
        try {
            try {
                readOnce(stop, reader, drops);
            } catch (const Error& error) {
                report(last_.product, error.code() != ErrorCode::notFound, false, error.message());
            }
            rest(stop);
        } catch (const std::exception& error) {
            spdlog::error("vision: camera failed id={} reason=\"{}\"", plan_.id, error.what());
            rest(stop);
        }
    }
}

} // namespace gatefold::vision
