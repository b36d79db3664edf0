#pragma once

#include "drivers/vision_link/child_process.hpp"

#include "ports/scanner.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

namespace gatefold::vision_link {

/// Cameras as scanners: keeps one `gatefold-vision` running while there is a camera or one is
/// configured, shows what it sees, and starts it again when it ends, after one second, then two, up
/// to a minute (one again once it ran for a minute).
class CameraLink : public Driver {
public:
    /// `program` is the path of `gatefold-vision`; `devices` is /dev: nothing runs while it has no
    /// video node and no camera is configured. A frame may take `max_frame_work` of processor time.
    CameraLink(const DeviceSettings& settings, std::filesystem::path program,
               std::filesystem::path devices = "/dev",
               std::chrono::milliseconds max_frame_work = maxFrameWork);
    void run(std::stop_token stop, ScanSink& sink) override;

private:
    using Steady = std::chrono::steady_clock;
    enum class Ending { stopped, notNeeded, failed };

    struct Watched; // descriptors that wake this thread

    bool needed() const;
    Ending serve(const Watched& watched, const std::stop_token& stop, ScanSink& sink);
    Ending listen(ChildProcess& child, const Watched& watched, const std::stop_token& stop,
                  ScanSink& sink);
    void handle(const Message& message, ScanSink& sink);
    void showStatus(const CameraStatus& status, ScanSink& sink);
    void showFailure(const std::string& why, ScanSink& sink);
    bool cameraPresent() const;
    Configure configuration() const;

    const DeviceSettings& settings_;
    std::filesystem::path program_, devices_;
    std::chrono::milliseconds max_frame_work_;
    std::map<std::string, DeviceStatus> cameras_;
    std::map<std::string, std::string> played_; ///< per folder the frame that was begun last
    std::chrono::seconds pause_{1};
};

} // namespace gatefold::vision_link
