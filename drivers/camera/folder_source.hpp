#pragma once

#include "drivers/camera/notifier.hpp"

#include "ports/frame_source.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <vector>

namespace gatefold::drivers {

/// A folder as a camera: its JPEG and PNG files, by name, at 15 frames a second, and then each that
/// comes or is written anew. While nothing follows, the last picture stays in view for a moment
/// (`Frame::repeat`), so that a single snapshot can be a scan.
class FolderSource : public FrameSource {
public:
    /// Files up to the name `after` were played before. Throws Error `notFound` when there is no
    /// such folder.
    FolderSource(std::filesystem::path folder, std::string after);

    std::string product() const override { return folder_.string(); }
    const Frame* next(std::stop_token stop) override;

private:
    /// What tells a file written anew from the one that was played.
    struct Version {
        std::filesystem::file_time_type written;
        std::uintmax_t size = 0;
        bool operator==(const Version&) const = default;
    };

    void look();
    bool load(const std::string& name);
    const Frame* give(unsigned repeat);
    void waitFor(std::chrono::milliseconds time) const;

    std::filesystem::path folder_;
    std::string after_;
    Notifier notifier_;
    std::map<std::string, Version> seen_;
    std::deque<std::string> waiting_;
    std::chrono::steady_clock::time_point due_{}, looked_{};
    std::vector<unsigned char> bytes_;
    Frame frame_;
};

} // namespace gatefold::drivers
