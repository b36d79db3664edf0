#include "drivers/camera/camera_finder.hpp"

#include "core/text.hpp"
#include "drivers/camera/v4l2_source.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

namespace gatefold::drivers {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t mostNodes = 64; // a Raspberry Pi alone has about twenty for its codecs

/// udev's stable name of a node, or the node itself.
fs::path stableName(const fs::path& node, const fs::path& dev) {
    std::error_code error;
    for (const auto& link : fs::directory_iterator(dev / "v4l" / "by-path", error))
        if (fs::equivalent(link.path(), node, error))
            return link.path();
    return node;
}

} // namespace

std::string idOf(std::string_view kind, std::string_view path) {
    std::string id(kind);
    for (const char c : path) {
        const bool kept = isAsciiDigit(c) || isAsciiLetter(c) || c == '.' || c == '_';
        if (kept)
            id += c;
        else if (id.back() != '-')
            id += '-';
    }
    return id;
}

std::vector<FoundCamera> findCameras(const fs::path& sys, const fs::path& dev) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(sys, error))
        if (entry.path().filename().string().starts_with("video") && entries.size() < mostNodes)
            entries.push_back(entry.path());
    std::sort(entries.begin(), entries.end());
    std::vector<FoundCamera> cameras;
    for (const fs::path& entry : entries) {
        const fs::path node = dev / entry.filename(),
                       device = fs::canonical(entry / "device", error);
        const bool on_usb = device.string().find("/usb") != std::string::npos;
        if (error || !canCapture(node, on_usb))
            continue;
        const std::string id = idOf("video-", device.filename().string());
        const bool second_node = std::any_of(cameras.begin(), cameras.end(),
                                             [&](const auto& each) { return each.id == id; });
        if (!second_node)
            cameras.push_back({id, "video:" + stableName(node, dev).string(), node});
    }
    return cameras;
}

} // namespace gatefold::drivers
