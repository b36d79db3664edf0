#include "drivers/vision_link/camera_link.hpp"

#include "drivers/vision_link/symbology.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace gatefold::vision_link {

namespace {

using namespace std::chrono_literals;

constexpr auto longestPause = 60s;
constexpr auto goodRun = 60s;   // after that a failure is a new one
constexpr auto restAfter = 30s; // without a camera the process only costs memory
constexpr auto startPatience = 5s;
constexpr std::size_t mostCameras = 16;
constexpr std::size_t maxScanBytes = 4096;
constexpr std::size_t longestProduct = 120, longestNote = 300;

std::string shownText(const std::string& text, std::size_t longest) {
    return isUtf8(text) && !hasControlCharacters(text) ? shortened(text, longest)
                                                       : printable(text, longest);
}

/// Ids stand in addresses and topics: the process makes them of these characters only.
bool isId(const std::string& id) {
    return !id.empty() && id.size() <= longestNote &&
           id.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
               std::string::npos;
}

bool isCameraPin(const std::string& port) {
    return port.starts_with("video:") || port.starts_with("folder:");
}

int millis(std::chrono::steady_clock::duration time) {
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(
        std::chrono::ceil<std::chrono::milliseconds>(time).count(), 0));
}

} // namespace

/// A stop request and changes in /dev, as descriptors.
struct CameraLink::Watched {
    os::FileDescriptor stop{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    os::FileDescriptor devices{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};

    explicit Watched(const std::filesystem::path& folder) {
        ::inotify_add_watch(devices.get(), folder.c_str(),
                            IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR);
    }
    /// Sleeps until stop, a new device, something on `other` (-1: nothing), or `timeout_ms` (-1:
    /// for ever).
    void wait(int other, int timeout_ms) const {
        std::array<pollfd, 3> events{
            {{stop.get(), POLLIN, 0}, {devices.get(), POLLIN, 0}, {other, POLLIN, 0}}};
        ::poll(events.data(), events.size(), timeout_ms);
    }
    bool deviceCame() const {
        std::array<char, 4096> events;
        bool came = false;
        while (::read(devices.get(), events.data(), events.size()) > 0)
            came = true;
        return came;
    }
};

CameraLink::CameraLink(const DeviceSettings& settings, std::filesystem::path program,
                       std::filesystem::path devices, std::chrono::milliseconds max_frame_work)
    : settings_(settings),
      program_(std::move(program)),
      devices_(std::move(devices)),
      max_frame_work_(max_frame_work) {}

Configure CameraLink::configuration() const {
    Configure configure;
    for (const DevicePin& pin : settings_.pins())
        if (isCameraPin(pin.match)) {
            const auto played = played_.find(pin.match);
            configure.pins.push_back(
                {pin.match, played == played_.end() ? std::string() : played->second});
        }
    return configure;
}

bool CameraLink::needed() const {
    if (!configuration().pins.empty())
        return true;
    std::error_code error;
    const std::filesystem::directory_iterator nodes(devices_, error);
    return std::any_of(begin(nodes), end(nodes), [](const auto& node) {
        return node.path().filename().string().starts_with("video");
    });
}

bool CameraLink::cameraPresent() const {
    return std::any_of(cameras_.begin(), cameras_.end(),
                       [](const auto& each) { return each.second.present; });
}

void CameraLink::run(std::stop_token stop, ScanSink& sink) {
    const Watched watched(devices_);
    const std::stop_callback wake(stop, [&] { ::eventfd_write(watched.stop.get(), 1); });
    bool look = true;
    while (!stop.stop_requested()) {
        if (!look || !needed()) {
            watched.wait(-1, -1);
            look = watched.deviceCame();
            continue;
        }
        const auto started = Steady::now();
        const Ending ending = serve(watched, stop, sink);
        look = ending == Ending::failed;
        if (!look)
            continue;
        if (Steady::now() - started > goodRun)
            pause_ = 1s;
        const auto due =
            Steady::now() +
            std::exchange(pause_, std::min<std::chrono::seconds>(2 * pause_, longestPause));
        while (!stop.stop_requested() && Steady::now() < due) {
            watched.wait(-1, millis(due - Steady::now()));
            watched.deviceCame();
        }
    }
}

CameraLink::Ending CameraLink::serve(const Watched& watched, const std::stop_token& stop,
                                     ScanSink& sink) {
    try {
        ChildProcess child(program_, {"cameras", std::to_string(max_frame_work_.count())},
                           cameraLimits);
        spdlog::info("vision: started pid={}", child.pid());
        child.send(configuration(), Steady::now() + startPatience);
        try {
            const Ending ending = listen(child, watched, stop, sink);
            if (ending == Ending::failed)
                showFailure(child.ending().text, sink);
            return ending;
        } catch (const WireError& error) {
            showFailure(std::string("sent an invalid answer: ") + error.what(), sink);
        }
    } catch (const Error& error) {
        showFailure(error.message(), sink);
    }
    return Ending::failed;
}

CameraLink::Ending CameraLink::listen(ChildProcess& child, const Watched& watched,
                                      const std::stop_token& stop, ScanSink& sink) {
    const bool configured = !configuration().pins.empty();
    auto useful = Steady::now();
    for (;;) {
        const bool wanted = configured || cameraPresent();
        if (wanted || watched.deviceCame())
            useful = Steady::now();
        watched.wait(child.fd(), wanted ? -1 : millis(useful + restAfter - Steady::now()));
        watched.deviceCame();
        if (stop.stop_requested())
            return Ending::stopped;
        if (!child.takeIn())
            return Ending::failed;
        while (const auto message = child.next())
            handle(*message, sink);
        if (!configured && !cameraPresent() && Steady::now() - useful >= restAfter) {
            spdlog::info("vision: no camera, at rest");
            return Ending::notNeeded;
        }
    }
}

void CameraLink::handle(const Message& message, ScanSink& sink) {
    if (const auto* status = std::get_if<CameraStatus>(&message))
        return showStatus(*status, sink);
    if (const auto* frame = std::get_if<FrameStarted>(&message)) {
        if (played_.contains(frame->port) || played_.size() < mostCameras)
            played_[frame->port] = frame->frame;
        return;
    }
    const auto* scan = std::get_if<CameraScan>(&message);
    if (!scan || !cameras_.contains(scan->camera))
        throw WireError("something that was not asked for");
    if (!scan->code.text.empty())
        sink.onScan({scan->camera, scan->code.text.substr(0, maxScanBytes),
                     symbologyOf(scan->code.format),
                     std::chrono::time_point_cast<Millis>(Steady::now())});
}

void CameraLink::showStatus(const CameraStatus& status, ScanSink& sink) {
    if (!isId(status.id))
        throw WireError("a camera without a proper id");
    if (!cameras_.contains(status.id) && cameras_.size() >= mostCameras)
        return;
    DeviceStatus& shown = cameras_[status.id];
    shown = {status.id,
             "camera",
             "camera",
             shownText(status.port, longestNote),
             shownText(status.product, longestProduct),
             status.present,
             status.claimed,
             shownText(status.note, longestNote)};
    sink.onStatus(shown);
}

void CameraLink::showFailure(const std::string& why, ScanSink& sink) {
    spdlog::warn("vision: ended reason=\"{}\" again_in_s={}", why, pause_.count());
    for (auto& [id, camera] : cameras_) {
        camera.claimed = false;
        camera.note = "the camera reader " + why + "; it is started again in " +
                      std::to_string(pause_.count()) + " s";
        sink.onStatus(camera);
    }
}

} // namespace gatefold::vision_link
