// gatefold-vision: pixels in, codes and small pictures out. The daemon starts it with a socket as
// standard input and speaks `vision_link/protocol.hpp` over it; it ends when that socket does,
// keeps nothing and knows no store. A decoder that fails ends this process and no other.

#include "vision/camera_house.hpp"
#include "vision/photo_reader.hpp"
#include "vision/shrinker.hpp"

#include "drivers/vision_link/protocol.hpp"

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
#include <mutex>
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

/// The daemon's first message. Throws WireError when it is none.
Message firstMessage() {
    FrameReader frames(maxRequestBytes);
    std::array<char, 64 * 1024> buffer;
    for (;;) {
        if (auto message = frames.next())
            return std::move(*message);
        const ssize_t count = ::recv(link, buffer.data(), buffer.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR))
            throw WireError("the daemon said nothing");
        if (count > 0)
            frames.feed({buffer.data(), static_cast<std::size_t>(count)});
    }
}

int servePhoto() {
    const Message message = firstMessage();
    if (const auto* job = std::get_if<Shrink>(&message)) {
        sendMessage(vision::answerShrink(*job));
        return 0;
    }
    const std::string& bytes = std::get<Photo>(message).bytes;
    sendMessage(
        vision::answerPhoto({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}));
    return 0;
}

/// Until the daemon closes its end. It says nothing more after its first message.
int serveCameras() {
    const auto configure = std::get<Configure>(firstMessage());
    std::mutex sending;
    vision::CameraHouse house(configure, [&](const Message& message) {
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

int serve(std::string_view mode) {
    if (mode == "photo")
        return servePhoto();
    if (mode == "cameras")
        return serveCameras();
    spdlog::error("vision: started by hand; the daemon and `gatefold decode` start this program");
    return badUsage;
}

} // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("gatefold-vision"));
    ::signal(SIGPIPE, SIG_IGN);
    offerMemory();
    try {
        return serve(argc == 2 ? argv[1] : "");
    } catch (const std::exception& error) {
        spdlog::error("vision: ended reason=\"{}\"", error.what());
        return 1;
    }
}
