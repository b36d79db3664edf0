#include "vision/camera_thread.hpp"

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

CameraThread::CameraThread(CameraPlan plan, Send send)
    : plan_(std::move(plan)),
      send_(std::move(send)),
      thread_([this](std::stop_token stop) { run(stop); }) {}

void CameraThread::wake() {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
    changed_.notify_all();
}

void CameraThread::rest(std::stop_token stop) {
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

void CameraThread::readOnce(std::stop_token stop, FrameReader& reader) {
    const auto source = plan_.open();
    report(source->product(), true, true, "");
    while (const Frame* frame = source->next(stop)) {
        if (!frame->name.empty() && frame->repeat == 0)
            send_(vision_link::FrameStarted{plan_.port, frame->name});
        auto code = reader.read(*frame);
        if (!code)
            continue;
        code->text.resize(std::min(code->text.size(), maxScanBytes));
        send_(vision_link::CameraScan{plan_.id, std::move(*code)});
    }
}

void CameraThread::run(std::stop_token stop) noexcept {
    FrameReader reader; // outlives a camera's reopening: a code still in view is no new scan
    while (!stop.stop_requested()) {
        try {
            try {
                readOnce(stop, reader);
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
