#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// A capture device that is plugged in.
struct FoundCamera {
    std::string id; ///< "video-1-1.3-1.0": by the port it is plugged into
    std::string
        port; ///< "video:/dev/v4l/by-path/..." where udev made that link, else "video:/dev/video0"
    std::filesystem::path node; ///< "/dev/video0"
};

/// Lists V4L2 capture devices; those that only encode, decode or give metadata are left out.
/// `sys` is /sys/class/video4linux, `dev` is /dev. Any thread.
std::vector<FoundCamera> findCameras(const std::filesystem::path& sys,
                                     const std::filesystem::path& dev);

/// An id of `kind` made from a path or port: letters, digits, dots, dashes and underscores stay,
/// the rest becomes dashes.
std::string idOf(std::string_view kind, std::string_view path);

} // namespace gatefold::drivers
