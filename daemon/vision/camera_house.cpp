#include "vision/camera_house.hpp"

#include "drivers/camera/camera_finder.hpp"
#include "drivers/camera/folder_source.hpp"
#include "drivers/camera/v4l2_source.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

namespace gatefold::vision {

namespace {

namespace fs = std::filesystem;

constexpr const char* sysFolder = "/sys/class/video4linux";
constexpr const char* devFolder = "/dev";
constexpr std::size_t mostCameras = 8;
constexpr std::string_view videoPin = "video:", folderPin = "folder:";
/// A camera that was found is told of by the kernel when it comes back; this is for where nothing
/// tells.
constexpr std::chrono::seconds foundRetry{5};

/// The camera at this port, wherever the kernel put it this time.
std::unique_ptr<FrameSource> openFound(const std::string& id) {
    const auto cameras = drivers::findCameras(sysFolder, devFolder);
    const auto found = std::find_if(cameras.begin(), cameras.end(),
                                    [&](const auto& each) { return each.id == id; });
    if (found == cameras.end())
        throw Error(ErrorCode::notFound, "the camera is unplugged");
    return std::make_unique<drivers::V4l2Source>(found->node);
}

} // namespace

CameraHouse::CameraHouse(const vision_link::Configure& configure, MakeLook make_look, Send send)
    : make_look_(std::move(make_look)), send_(std::move(send)) {
    try {
        devices_.emplace(devFolder);
    } catch (const Error&) {
        devices_.reset(); // a container without /dev events: cameras are those of the start
    }
    for (const auto& each : configure.pins)
        pin(each);
    addFound();
}

void CameraHouse::add(CameraPlan plan) {
    const bool known = std::any_of(cameras_.begin(), cameras_.end(),
                                   [&](const auto& each) { return each->plan().id == plan.id; });
    if (!known && cameras_.size() < mostCameras)
        cameras_.push_back(std::make_unique<CameraThread>(std::move(plan), make_look_(), send_));
}

void CameraHouse::pin(const vision_link::Configure::Pin& pin) {
    if (pin.port.starts_with(videoPin)) {
        const fs::path node = pin.port.substr(videoPin.size());
        pinned_nodes_.push_back(node);
        add({drivers::idOf("video-", node.string()), pin.port,
             [node] { return std::make_unique<drivers::V4l2Source>(node); }});
    } else if (pin.port.starts_with(folderPin)) {
        const fs::path folder = pin.port.substr(folderPin.size());
        // Only this start continues after the frame that ended the last one.
        add({drivers::idOf("folder-", folder.string()), pin.port,
             [folder, after = pin.after]() mutable {
                 return std::make_unique<drivers::FolderSource>(folder, std::exchange(after, {}));
             }});
    }
}

bool CameraHouse::isPinned(const fs::path& node) const {
    std::error_code error;
    return std::any_of(pinned_nodes_.begin(), pinned_nodes_.end(),
                       [&](const fs::path& pinned) { return fs::equivalent(pinned, node, error); });
}

void CameraHouse::addFound() {
    for (const auto& camera : drivers::findCameras(sysFolder, devFolder))
        if (!isPinned(camera.node))
            add({camera.id, camera.port, [id = camera.id] { return openFound(id); }, foundRetry});
}

void CameraHouse::lookAround() {
    if (devices_)
        devices_->clear();
    addFound();
    for (const auto& camera : cameras_)
        camera->wake();
}

} // namespace gatefold::vision
