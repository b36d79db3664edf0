#pragma once

#include "ports/frame_source.hpp"

#include <filesystem>
#include <vector>

namespace gatefold::drivers {

/// True when the node is a device that streams captured pictures. One that may not be opened counts
/// as `unknown` says.
bool canCapture(const std::filesystem::path& node, bool unknown);

/// A V4L2 camera (USB, or any with a kernel driver) that gives MJPEG or YUYV; 1080p MJPEG is
/// preferred, because resolution decides what is read, at 15 frames a second. Older frames are
/// dropped when the reader is slow.
class V4l2Source : public FrameSource {
public:
    /// Opens and starts the camera. Throws Error `notFound` when the node is not there, `forbidden`
    /// when it may not be opened, `unavailable` when it is busy or gives neither format.
    explicit V4l2Source(const std::filesystem::path& node);
    ~V4l2Source() override;

    std::string product() const override { return product_; }
    /// Throws Error `unavailable` when the camera is gone, fails, or gave nothing for five seconds.
    const Frame* next(std::stop_token stop) override;

private:
    struct Buffer {
        unsigned char* start = nullptr;
        std::size_t length = 0;
    };

    void identify();
    void chooseFormat();
    void start();
    void release() noexcept;
    bool take();
    bool dequeue(unsigned& index, std::size_t& used, bool& broken);
    void giveBack();

    int fd_ = -1;
    std::string product_;
    std::vector<Buffer> buffers_;
    int held_ = -1; ///< the buffer that the reader looks at
    Frame frame_;
};

} // namespace gatefold::drivers
