#include "drivers/serial_scanner/serial_scanner.hpp"

#include "core/error.hpp"
#include "drivers/scanner_common/aim.hpp"
#include "drivers/serial_scanner/serial_devices.hpp"
#include "drivers/serial_scanner/serial_framer.hpp"
#include "drivers/serial_scanner/serial_port.hpp"

#include <spdlog/spdlog.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <list>

namespace gatefold::drivers {

namespace {

constexpr std::string_view driverName = "serial_scanner";
constexpr std::string_view pinPrefix = "tty:";
constexpr Millis longestWait{1000};
constexpr Millis firstRetry{250}, lastRetry{30'000}, pinnedRetry{500};
constexpr Millis rescanInterval{30'000}; ///< udev's events can be lost
constexpr int maxReadsAtOnce = 16;       ///< so that one babbling line does not starve the others

MonoTime monotonicNow() {
    return std::chrono::time_point_cast<Millis>(std::chrono::steady_clock::now());
}

/// Wakes poll() when the driver is to stop.
class StopSignal {
public:
    StopSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (fd_ < 0)
            throw Error(ErrorCode::unavailable,
                        "serial ports cannot be watched: no file descriptor left");
    }
    ~StopSignal() { close(fd_); }
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    void set() const { static_cast<void>(eventfd_write(fd_, 1)); }
    int fd() const { return fd_; }

private:
    int fd_;
};

/// One serial port, present or pinned.
struct Line {
    std::string path;               ///< what is opened
    std::string shown;              ///< stable path: by-path link or pin
    std::vector<std::string> links; ///< other names of the same port
    bool known = false;             ///< udev told of it; otherwise only a pin names it
    SerialVerdict verdict;
    std::optional<SerialPort> port;
    SerialFramer framer;
    DeviceStatus told;
    bool announced = false;
    MonoTime due{};
    Millis retry = firstRetry;
};

/// The state of one run().
class Lines {
public:
    Lines(const DeviceSettings& settings, ScanSink& sink) : settings_(settings), sink_(sink) {}

    void run(const std::stop_token& stop) {
        const std::stop_callback wake(stop, [this] { stop_signal_.set(); });
        MonoTime now = monotonicNow();
        while (!stop.stop_requested()) {
            if (now >= rescan_due_)
                rescan(now);
            followPins();
            for (Line& line : lines_)
                step(line, now);
            now = waitForEvents();
        }
    }

private:
    std::vector<std::string> pinnedPaths() const {
        std::vector<std::string> paths;
        for (const DevicePin& pin : settings_.pins())
            if (pin.match.starts_with(pinPrefix))
                paths.push_back(pin.match.substr(pinPrefix.size()));
        return paths;
    }

    /// What is there and was not told of arrives, at the start and after a lost event; what left
    /// shows itself by its closed line.
    void rescan(MonoTime now) {
        rescan_due_ = now + rescanInterval;
        for (SerialDevice& device : watcher_.present()) {
            const bool known = std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
                return line.known && line.shown == device.by_path && line.path == device.node;
            });
            if (!known)
                arrive(std::move(device));
        }
    }

    static bool isNamed(const Line& line, const std::string& path) {
        return line.shown == path || line.path == path ||
               std::find(line.links.begin(), line.links.end(), path) != line.links.end();
    }

    int baudOf(const Line& line) const {
        for (const DevicePin& pin : settings_.pins())
            if (pin.baud && pin.match.starts_with(pinPrefix) &&
                isNamed(line, pin.match.substr(pinPrefix.size())))
                return *pin.baud;
        return SerialPort::usualBaud;
    }

    static bool names(const std::string& path, const SerialDevice& device) {
        return path == device.node || path == device.by_path ||
               std::find(device.links.begin(), device.links.end(), path) != device.links.end();
    }

    void arrive(SerialDevice device) {
        // Found by a look around and told by udev, too: opening it anew would throw away a scan.
        // Were it another one, the open line would end, and be opened again.
        if (std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
                return line.known && line.port && line.shown == device.by_path &&
                       line.path == device.node;
            }))
            return;
        const auto pins = pinnedPaths();
        const auto pin = std::find_if(pins.begin(), pins.end(),
                                      [&](const auto& path) { return names(path, device); });
        leave(device.by_path);
        // A line that was kept for the pin alone is this port.
        if (pin != pins.end())
            std::erase_if(lines_,
                          [&](const Line& line) { return !line.known && line.shown == *pin; });
        Line line;
        line.path = device.node;
        line.shown = device.by_path;
        line.known = true;
        line.verdict = judge(device, pin != pins.end());
        line.links = device.links;
        line.told.product = device.product.empty() ? device.maker : device.product;
        line.due = monotonicNow();
        lines_.push_back(std::move(line));
        if (!lines_.back().verdict.open)
            tell(lines_.back(), true, false, lines_.back().verdict.note);
    }

    void leave(const std::string& shown) {
        for (Line& line : lines_)
            if (line.known && line.shown == shown)
                tellGone(line);
        std::erase_if(lines_, [&](const Line& line) { return line.known && line.shown == shown; });
    }

    /// A pinned path that udev does not know (a pseudo terminal, a port without USB, a scanner not
    /// plugged in yet) is tried again and again.
    void followPins() {
        for (const std::string& path : pinnedPaths()) {
            const bool here = std::any_of(lines_.begin(), lines_.end(),
                                          [&](const Line& line) { return isNamed(line, path); });
            if (here)
                continue;
            Line line;
            line.path = path;
            line.shown = path;
            line.verdict.open = true;
            line.due = monotonicNow();
            lines_.push_back(std::move(line));
        }
    }

    void step(Line& line, MonoTime now) {
        if (line.port) {
            if (const auto code = line.framer.idle(now))
                deliver(line, *code, now);
        } else if (line.verdict.open && now >= line.due) {
            open(line, now);
        }
    }

    void open(Line& line, MonoTime now) {
        try {
            line.port.emplace(line.path, baudOf(line));
            line.framer.reset();
            line.retry = firstRetry;
            tell(line, true, true, "");
        } catch (const Error& error) {
            const bool absent = error.code() == ErrorCode::notFound;
            tell(line, !absent, false, error.message());
            line.due = now + (absent && !line.known ? pinnedRetry : line.retry);
            line.retry = std::min(line.retry * 2, lastRetry);
        }
    }

    void read(Line& line) {
        for (int i = 0; i < maxReadsAtOnce; ++i) {
            const auto bytes = line.port->read();
            const MonoTime now = monotonicNow();
            if (!bytes) {
                line.port.reset();
                line.framer.reset();
                tellGone(line);
                line.due = now + line.retry;
                return;
            }
            if (bytes->empty())
                return;
            for (const std::string& code : line.framer.take(*bytes, now))
                deliver(line, code, now);
        }
    }

    void deliver(const Line& line, const std::string& code, MonoTime now) {
        const AimSplit split = splitAim(code);
        sink_.onScan({line.told.id, std::string(split.text), split.symbology, now});
    }

    void tell(Line& line, bool present, bool claimed, const std::string& note) {
        const bool news = !line.announced || line.told.present != present ||
                          line.told.claimed != claimed || line.told.note != note;
        line.told.id = serialIdOf(line.shown);
        line.told.driver = driverName;
        line.told.kind = "scanner";
        line.told.port = std::string(pinPrefix) + line.shown;
        line.told.present = present;
        line.told.claimed = claimed;
        line.told.note = note;
        line.announced = true;
        if (!news)
            return;
        spdlog::info("serial_scanner: device id={} present={} claimed={} note=\"{}\"", line.told.id,
                     present, claimed, note);
        sink_.onStatus(line.told);
    }

    void tellGone(Line& line) {
        if (line.announced && line.told.present)
            tell(line, false, false, "unplugged");
    }

    /// Returns the moment up to which all bytes have been read: only silence before it is silence,
    /// however long this thread was kept from running since.
    MonoTime waitForEvents() {
        const MonoTime now = monotonicNow();
        std::vector<pollfd> fds{{stop_signal_.fd(), POLLIN, 0}, {watcher_.fd(), POLLIN, 0}};
        std::vector<Line*> readers;
        Millis wait = longestWait;
        for (Line& line : lines_) {
            if (line.port) {
                fds.push_back({line.port->fd(), POLLIN, 0});
                readers.push_back(&line);
            }
            const auto due = line.port           ? line.framer.deadline()
                             : line.verdict.open ? std::optional(line.due)
                                                 : std::nullopt;
            if (due)
                wait = std::clamp(*due - now, Millis(0), wait);
        }
        if (poll(fds.data(), fds.size(), static_cast<int>(wait.count())) <= 0)
            return now;
        for (std::size_t i = 0; i < readers.size(); ++i)
            if (fds[i + 2].revents != 0)
                read(*readers[i]);
        if (fds[1].revents != 0)
            followUdev();
        return now;
    }

    void followUdev() {
        while (auto change = watcher_.next()) {
            if (change->added)
                arrive(std::move(change->device));
            else
                leave(change->device.by_path);
        }
    }

    const DeviceSettings& settings_;
    ScanSink& sink_;
    StopSignal stop_signal_;
    SerialWatcher watcher_;
    std::list<Line> lines_;
    MonoTime rescan_due_{};
};

} // namespace

void SerialScanner::run(std::stop_token stop, ScanSink& sink) {
    Lines(settings_, sink).run(stop);
}

std::unique_ptr<Driver> makeSerialScanner(const DriverContext& context) {
    return std::make_unique<SerialScanner>(context.settings);
}

} // namespace gatefold::drivers
