// gatefold-vision: pixels in, codes and small pictures out. Its parent starts it with a socket as
// standard input and speaks `vision_link/protocol.hpp` over it; it ends when that socket does,
// keeps nothing and knows no store. A decoder that fails ends this process and no other.
//   gatefold-vision photo       one photo or picture, then the end
//   gatefold-vision cameras MS  owns the cameras; starts one `frames` for each
//   gatefold-vision frames MS   looks at frames, each within MS milliseconds of processor time

#include "vision/camera_house.hpp"
#include "vision/frame_decoder.hpp"
#include "vision/photo_reader.hpp"
#include "vision/shrinker.hpp"
#include "vision/still_picture.hpp"

#include "drivers/vision_link/protocol.hpp"
#include "os/file_descriptor.hpp"
#include "os/work_limit.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace {

using namespace gatefold;
using namespace gatefold::vision_link;

constexpr int link = STDIN_FILENO;
constexpr int badUsage = 64;
/// A new node gets its group and its links a moment after it was made.
constexpr std::chrono::milliseconds udevTime{200};

/// When memory runs out this process goes first, never the daemon.
void offerMemory() {
    std::ofstream("/proc/self/oom_score_adj") << 500;
}

void sendMessage(const Message& message) {
    const std::string frame = encode(message);
    for (std::size_t sent = 0; sent < frame.size();) {
        const ssize_t count = ::send(link, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
        if (count > 0)
            sent += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            throw WireError("the daemon is gone");
    }
}

/// The next message, or nothing when the other end is closed. Throws WireError.
std::optional<Message> nextMessage(FrameReader& frames) {
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        if (auto message = frames.next())
            return message;
        const ssize_t count = ::recv(link, buffer.data(), buffer.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR))
            return std::nullopt;
        if (count > 0)
            frames.feed({buffer.data(), static_cast<std::size_t>(count)});
    }
}

/// The daemon's first message. Throws WireError when it is none.
Message firstMessage() {
    FrameReader frames(maxRequestBytes);
    if (auto message = nextMessage(frames))
        return std::move(*message);
    throw WireError("the daemon said nothing");
}

int servePhoto() {
    const Message message = firstMessage();
    os::yieldAfter(promptPhotoWork);
    if (const auto* job = std::get_if<Shrink>(&message)) {
        sendMessage(vision::answerShrink(*job));
        return 0;
    }
    const std::string& bytes = std::get<Photo>(message).bytes;
    sendMessage(
        vision::answerPhoto({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}));
    return 0;
}

Frame frameOf(const LookAt& question) {
    Frame frame;
    frame.form = question.yuyv ? Frame::Form::yuyv : Frame::Form::image;
    frame.width = question.width;
    frame.height = question.height;
    frame.stride = question.stride;
    frame.bytes = {reinterpret_cast<const unsigned char*>(question.bytes.data()),
                   question.bytes.size()};
    frame.repeat = question.bytes.empty() ? 1 : 0;
    return frame;
}

/// Looks at one frame after the other. One that takes more than `max_work` ends this process.
int serveFrames(std::chrono::milliseconds max_work) {
    FrameReader frames(maxRequestBytes);
    vision::StillPicture picture;
    while (const auto message = nextMessage(frames)) {
        const auto& question = std::get<LookAt>(*message);
        os::limitWork(max_work);
        auto code = picture.look(frameOf(question), static_cast<std::size_t>(question.pass));
        os::limitWork(std::chrono::milliseconds(0));
        sendMessage(code ? Codes{{std::move(*code)}} : Codes{});
    }
    return 0;
}

/// Until the daemon closes its end. It says nothing more after its first message.
int serveCameras(const std::string& program, std::chrono::milliseconds max_work) {
    const auto configure = std::get<Configure>(firstMessage());
    std::mutex sending;
    const auto make_look = [&] {
        return [decoder = std::make_shared<vision::FrameDecoder>(program, max_work)](
                   const Frame& frame, std::size_t pass) { return decoder->look(frame, pass); };
    };
    vision::CameraHouse house(configure, make_look, [&](const Message& message) {
        const std::scoped_lock lock(sending);
        sendMessage(message);
    });
    for (;;) {
        std::array<pollfd, 2> events{{{link, POLLIN, 0}, {house.fd(), POLLIN, 0}}};
        ::poll(events.data(), events.size(), -1);
        if (events[0].revents != 0)
            std::_Exit(0); // a camera's thread may hang in a driver or a decoder, and nothing is
                           // left to save
        std::this_thread::sleep_for(udevTime);
        house.lookAround();
    }
}

/// The processor time for a frame that the command line gives, at least a millisecond.
std::optional<std::chrono::milliseconds> workOf(const char* text) {
    const int millis = std::atoi(text);
    return millis > 0 ? std::optional(std::chrono::milliseconds(millis)) : std::nullopt;
}

int serve(int argc, char** argv) {
    const std::string_view mode = argc > 1 ? argv[1] : "";
    const auto work = argc == 3 ? workOf(argv[2]) : std::nullopt;
    if (mode == "photo" && argc == 2)
        return servePhoto();
    if (mode == "cameras" && work)
        return serveCameras(argv[0], *work);
    if (mode == "frames" && work)
        return serveFrames(*work);
    spdlog::error("vision: started by hand; the daemon and `gatefold decode` start this program");
    return badUsage;
}

} // namespace

int main(int argc, char** argv) {
    os::openStandardDescriptors();
    spdlog::set_default_logger(spdlog::stderr_logger_mt("gatefold-vision"));
    ::signal(SIGPIPE, SIG_IGN);
    offerMemory();
    try {
        return serve(argc, argv);
    } catch (const std::exception& error) {
        spdlog::error("vision: ended reason=\"{}\"", error.what());
        return 1;
    }
}
