#pragma once

#include "vision/camera_thread.hpp"

#include "drivers/camera/notifier.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace gatefold::vision {

/// All cameras of the box: those that the configuration names and those that are plugged in, also
/// later. One thread.
class CameraHouse {
public:
    /// Makes what looks at one camera's frames.
    using MakeLook = std::function<Look()>;
    CameraHouse(const vision_link::Configure& configure, MakeLook make_look, Send send);
    /// For poll(): readable when devices came or went; -1 where they cannot be watched.
    int fd() const { return devices_ ? devices_->fd() : -1; }
    /// Starts what has come, and lets the others try again.
    void lookAround();

private:
    void add(CameraPlan plan);
    void pin(const vision_link::Configure::Pin& pin);
    void addFound();
    bool isPinned(const std::filesystem::path& node) const;

    MakeLook make_look_;
    Send send_;
    std::optional<drivers::Notifier> devices_;
    std::vector<std::filesystem::path> pinned_nodes_;
    std::vector<std::unique_ptr<CameraThread>> cameras_;
};

} // namespace gatefold::vision
