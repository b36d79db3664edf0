#include "drivers/camera/v4l2_source.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gatefold::drivers {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t bufferCount = 4;
constexpr std::uint32_t framesPerSecond = 15;
constexpr auto stopPoll = 200ms;
constexpr auto stallLimit = 5s;
constexpr std::uint32_t mostFormats = 32; // a driver's list is foreign, too

struct Wish {
    std::uint32_t fourcc, width, height;
};

/// In order; YUYV at 1080p does not pass USB 2 at a useful rate.
constexpr std::array wishes{
    Wish{V4L2_PIX_FMT_MJPEG, 1920, 1080},
    Wish{V4L2_PIX_FMT_MJPEG, 1280, 720},
    Wish{V4L2_PIX_FMT_YUYV, 1280, 720},
    Wish{V4L2_PIX_FMT_YUYV, 640, 480},
};

int control(int fd, unsigned long request, void* argument) {
    int result = 0;
    do
        result = ::ioctl(fd, request, argument);
    while (result < 0 && errno == EINTR);
    return result;
}

[[noreturn]] void refuse(ErrorCode code, const std::string& what) {
    throw Error(code, what);
}

[[noreturn]] void fail(const std::string& what, int error) {
    if (error == EBUSY)
        refuse(ErrorCode::unavailable, "another program uses this camera");
    if (error == ENODEV || error == EIO || error == ENXIO)
        refuse(ErrorCode::unavailable, "the camera was unplugged or stopped answering");
    refuse(ErrorCode::unavailable, what + ": " + std::generic_category().message(error));
}

int openNode(const std::filesystem::path& node) {
    const int fd = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    if (errno == EACCES || errno == EPERM)
        refuse(ErrorCode::forbidden,
               "Gatefold may not open " + node.string() + ": its user is not in the group video");
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
        refuse(ErrorCode::notFound, "no camera at " + node.string());
    fail("the camera cannot be opened", errno);
}

std::uint32_t capabilitiesOf(const v4l2_capability& found) {
    return (found.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? found.device_caps
                                                            : found.capabilities;
}

bool captures(const v4l2_capability& found) {
    constexpr std::uint32_t needed = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    return (capabilitiesOf(found) & needed) == needed;
}

bool offers(int fd, std::uint32_t fourcc) {
    for (std::uint32_t i = 0; i < mostFormats; ++i) {
        v4l2_fmtdesc format{};
        format.index = i;
        format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
        if (control(fd, VIDIOC_ENUM_FMT, &format) < 0)
            return false;
        if (format.pixelformat == fourcc)
            return true;
    }
    return false;
}

bool offersSize(int fd, const Wish& wish) {
    for (std::uint32_t i = 0; i < mostFormats; ++i) {
        v4l2_frmsizeenum size{};
        size.index = i;
        size.pixel_format = wish.fourcc;
        if (control(fd, VIDIOC_ENUM_FRAMESIZES, &size) < 0)
            return false;
        if (size.type != V4L2_FRMSIZE_TYPE_DISCRETE) // any within bounds
            return wish.width <= size.stepwise.max_width && wish.height <= size.stepwise.max_height;
        if (size.discrete.width == wish.width && size.discrete.height == wish.height)
            return true;
    }
    return false;
}

/// The first wish that the camera fulfils; else its own size of a format that can be read.
Wish chooseWish(int fd) {
    for (const Wish& wish : wishes)
        if (offers(fd, wish.fourcc) && offersSize(fd, wish))
            return wish;
    for (const Wish& wish : wishes)
        if (offers(fd, wish.fourcc))
            return wish;
    refuse(ErrorCode::unavailable, "this camera gives neither MJPEG nor YUYV pictures");
}

v4l2_buffer emptyBuffer() {
    v4l2_buffer buffer{};
    buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer.memory = V4L2_MEMORY_MMAP;
    return buffer;
}

} // namespace

bool canCapture(const std::filesystem::path& node, bool unknown) {
    const int fd = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES || errno == EPERM || errno == EBUSY ? unknown : false;
    v4l2_capability found{};
    const bool answered = control(fd, VIDIOC_QUERYCAP, &found) == 0;
    ::close(fd);
    return answered && captures(found);
}

V4l2Source::V4l2Source(const std::filesystem::path& node) : fd_(openNode(node)) {
    try {
        identify();
        chooseFormat();
        start();
    } catch (...) {
        release();
        throw;
    }
}

V4l2Source::~V4l2Source() {
    release();
}

void V4l2Source::release() noexcept {
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    control(fd_, VIDIOC_STREAMOFF, &type);
    for (const Buffer& buffer : buffers_)
        ::munmap(buffer.start, buffer.length);
    ::close(fd_);
}

void V4l2Source::identify() {
    v4l2_capability found{};
    if (control(fd_, VIDIOC_QUERYCAP, &found) < 0 || !captures(found))
        refuse(ErrorCode::unavailable, "this is no camera");
    const char* name = reinterpret_cast<const char*>(found.card);
    product_.assign(name, ::strnlen(name, sizeof found.card));
}

void V4l2Source::chooseFormat() {
    const Wish wish = chooseWish(fd_);
    v4l2_format format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    format.fmt.pix.width = wish.width;
    format.fmt.pix.height = wish.height;
    format.fmt.pix.pixelformat = wish.fourcc;
    format.fmt.pix.field = V4L2_FIELD_ANY;
    if (control(fd_, VIDIOC_S_FMT, &format) < 0)
        fail("the camera refuses its picture format", errno);
    const v4l2_pix_format& got = format.fmt.pix;
    constexpr std::uint32_t largestSide = 16'384;
    if (got.pixelformat != wish.fourcc || got.width > largestSide || got.height > largestSide ||
        got.bytesperline > 4 * largestSide)
        refuse(ErrorCode::unavailable, "this camera gives neither MJPEG nor YUYV pictures");
    frame_.form = wish.fourcc == V4L2_PIX_FMT_YUYV ? Frame::Form::yuyv : Frame::Form::image;
    frame_.width = static_cast<int>(got.width);
    frame_.height = static_cast<int>(got.height);
    frame_.stride = static_cast<int>(std::max(got.bytesperline, 2 * got.width));
}

void V4l2Source::start() {
    v4l2_streamparm rate{};
    rate.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    rate.parm.capture.timeperframe = {1, framesPerSecond};
    control(fd_, VIDIOC_S_PARM, &rate); // a camera with one rate only may refuse
    v4l2_requestbuffers request{};
    request.count = bufferCount;
    request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    request.memory = V4L2_MEMORY_MMAP;
    if (control(fd_, VIDIOC_REQBUFS, &request) < 0)
        fail("the camera gives no buffers", errno);
    for (unsigned i = 0; i < request.count; ++i) {
        v4l2_buffer buffer = emptyBuffer();
        buffer.index = i;
        if (control(fd_, VIDIOC_QUERYBUF, &buffer) < 0)
            fail("the camera gives no buffers", errno);
        void* start = ::mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd_,
                             buffer.m.offset);
        if (start == MAP_FAILED)
            fail("the camera's buffers cannot be used", errno);
        buffers_.push_back({static_cast<unsigned char*>(start), buffer.length});
        if (control(fd_, VIDIOC_QBUF, &buffer) < 0)
            fail("the camera takes no buffers", errno);
    }
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (control(fd_, VIDIOC_STREAMON, &type) < 0)
        fail("the camera does not start", errno);
}

void V4l2Source::giveBack() {
    if (held_ < 0)
        return;
    v4l2_buffer buffer = emptyBuffer();
    buffer.index = static_cast<unsigned>(held_);
    held_ = -1;
    if (control(fd_, VIDIOC_QBUF, &buffer) < 0)
        fail("the camera takes no buffers", errno);
}

bool V4l2Source::dequeue(unsigned& index, std::size_t& used, bool& broken) {
    v4l2_buffer buffer = emptyBuffer();
    if (control(fd_, VIDIOC_DQBUF, &buffer) < 0) {
        if (errno == EAGAIN)
            return false;
        fail("the camera's stream failed", errno);
    }
    if (buffer.index >= buffers_.size())
        fail("the camera's stream failed", EPROTO);
    index = buffer.index;
    used = std::min<std::size_t>(buffer.bytesused, buffers_[index].length);
    broken = (buffer.flags & V4L2_BUF_FLAG_ERROR) != 0 || used == 0;
    return true;
}

/// Takes the newest frame that is ready; false when there is none that is whole.
bool V4l2Source::take() {
    unsigned index = 0;
    std::size_t used = 0;
    bool broken = false, some = false;
    for (std::uint32_t i = 0; i < bufferCount && dequeue(index, used, broken); ++i) {
        giveBack();
        held_ = static_cast<int>(index);
        some = !broken;
    }
    if (!some) {
        giveBack();
        return false;
    }
    frame_.bytes = {buffers_[static_cast<std::size_t>(held_)].start, used};
    frame_.at = std::chrono::time_point_cast<Millis>(std::chrono::steady_clock::now());
    return true;
}

const Frame* V4l2Source::next(std::stop_token stop) {
    giveBack();
    const auto stalled = std::chrono::steady_clock::now() + stallLimit;
    while (!stop.stop_requested()) {
        pollfd entry{fd_, POLLIN, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(Millis(stopPoll).count()));
        if (ready > 0 && take())
            return &frame_;
        if (ready > 0 && (entry.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 &&
            (entry.revents & POLLIN) == 0)
            fail("the camera's stream failed", ENODEV);
        if (std::chrono::steady_clock::now() > stalled)
            refuse(ErrorCode::unavailable, "the camera sends no pictures: it is started again");
    }
    return nullptr;
}

} // namespace gatefold::drivers
