#include "drivers/hid_scanner/hid_scanner.hpp"

#include "core/error.hpp"
#include "drivers/hid_scanner/usb_scanner.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <list>

namespace gatefold::drivers {

namespace {

constexpr std::string_view driverName = "hid_scanner";
constexpr Millis longestWait{1000};
constexpr Millis firstRetry{250}, lastRetry{30'000};
constexpr Millis shutdownTime{2000};

/// One device on the bus, from its arrival until it has left and all its transfers have come back.
struct Port {
    UsbDevice device;
    std::uint8_t bus = 0, address = 0;
    std::string name; ///< "1-1.3"
    std::unique_ptr<UsbScanner> scanner;
    DeviceStatus told; ///< what the sink heard last
    bool announced = false;
    bool left = false;
    bool handed_back =
        false; ///< a person's keyboard: not touched again until it is plugged in anew
    std::optional<MonoTime> due; ///< when to look at it next
    Millis retry = firstRetry;
    std::size_t undecodable_told = 0;
};

/// The state of one run().
class Bus {
public:
    Bus(const DeviceSettings& settings, ScanSink& sink) : settings_(settings), sink_(sink) {
        libusb_context* context = nullptr;
        if (const int error = libusb_init(&context); error != 0)
            throw Error(ErrorCode::unavailable,
                        std::string("USB cannot be used: ") + libusb_error_name(error));
        context_.reset(context);
        // Events of arrivals run later, in handle_events: nothing may be opened inside the
        // callback.
        const int error = libusb_hotplug_register_callback(
            context, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT,
            LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            LIBUSB_HOTPLUG_MATCH_ANY, &Bus::onHotplug, this, nullptr);
        if (error != 0)
            throw Error(ErrorCode::unavailable,
                        std::string("USB hot plug cannot be used: ") + libusb_error_name(error));
    }

    /// A scanner whose transfers did not come back is left open for the process's end, for freeing
    /// them would be worse.
    ~Bus() {
        bool stuck = false;
        for (Port& port : ports_)
            if (port.scanner && !port.scanner->idle()) {
                spdlog::error("hid_scanner: transfers do not come back device={}", port.told.id);
                static_cast<void>(port.scanner.release());
                stuck = true;
            }
        ports_.clear();
        if (stuck)
            static_cast<void>(context_.release());
    }
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    void run(const std::stop_token& stop) {
        const std::stop_callback wake(stop,
                                      [this] { libusb_interrupt_event_handler(context_.get()); });
        MonoTime now = monotonicNow();
        while (!stop.stop_requested()) {
            for (Port& port : ports_)
                step(port, now);
            std::erase_if(ports_, [](const Port& port) { return port.left && !port.scanner; });
            now = waitForEvents();
        }
        shutDown();
    }

private:
    static int LIBUSB_CALL onHotplug(libusb_context*, libusb_device* device,
                                     libusb_hotplug_event event, void* self) {
        auto& bus = *static_cast<Bus*>(self);
        if (event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED)
            bus.arrive(device);
        else
            bus.leave(device);
        return 0;
    }

    /// The same arrival may be told twice; an arrival at a known address or port means that the old
    /// one has left.
    void arrive(libusb_device* device) {
        const std::string name = usbPortName(device);
        if (name.empty())
            return;
        for (Port& port : ports_) {
            if (port.left)
                continue;
            if (port.device.get() == device)
                return;
            if (port.name == name)
                port.left = true;
        }
        Port port;
        port.device.reset(libusb_ref_device(device));
        port.bus = libusb_get_bus_number(device);
        port.address = libusb_get_device_address(device);
        port.name = name;
        port.due = monotonicNow();
        ports_.push_back(std::move(port));
    }

    void leave(libusb_device* device) {
        for (Port& port : ports_)
            if (port.device.get() == device)
                port.left = true;
    }

    void step(Port& port, MonoTime now) {
        if (port.scanner)
            stepScanner(port, now);
        else if (port.left)
            tellGone(port);
        else if (port.due && now >= *port.due && !predecessorBusy(port))
            open(port, now);
    }

    /// True while an earlier device on the same port has transfers out: its end must be told before
    /// the new one's start.
    bool predecessorBusy(const Port& port) const {
        return std::any_of(ports_.begin(), ports_.end(), [&](const Port& other) {
            return &other != &port && other.left && other.name == port.name;
        });
    }

    void stepScanner(Port& port, MonoTime now) {
        UsbScanner& scanner = *port.scanner;
        scanner.step(now);
        if (!port.told.claimed && scanner.settled() && !scanner.failed() && !port.left)
            tell(port, true, {});
        tellUndecodable(port);
        if (scanner.typedByHand() && !port.handed_back)
            handBack(port);
        if (scanner.failed() || port.left || port.handed_back)
            scanner.cancel();
        else
            return;
        if (scanner.idle())
            closeScanner(port, now);
    }

    void handBack(Port& port) {
        port.handed_back = true;
        spdlog::warn("hid_scanner: keyboard given back device={}", port.told.id);
    }

    void closeScanner(Port& port, MonoTime now) {
        const std::string note = port.scanner->note();
        const bool gone = port.scanner->gone();
        if (port.handed_back)
            port.scanner->giveBack();
        port.scanner.reset();
        if (port.left) {
            tellGone(port);
            return;
        }
        if (port.handed_back) {
            tell(port, false,
                 "a person types on it, so it was given back; if it is a slow scanner, name its "
                 "port in a [[device]] of "
                 "gatefold.toml");
            return;
        }
        if (gone)
            tellGone(port);
        else
            tell(port, false, note);
        retryLater(port, now);
    }

    void open(Port& port, MonoTime now) {
        port.due.reset();
        Probe probe = probeUsbDevice(port.device.get(), isPinned(port.name));
        port.told.product = probe.product;
        if (probe.handle && !port.left) {
            port.retry = firstRetry;
            port.scanner = std::make_unique<UsbScanner>(
                std::move(probe), [this, id = idOf(port)] { return settings_.layoutOf(id); },
                [this, id = idOf(port)](const Finding& finding, MonoTime at) {
                    deliver(id, finding, at);
                },
                monotonicNow());
            return;
        }
        if (probe.gone)
            tellGone(port);
        else if (probe.relevant)
            tell(port, false, probe.note);
        if (probe.retry)
            retryLater(port, now);
    }

    void retryLater(Port& port, MonoTime now) {
        port.due = now + port.retry;
        port.retry = std::min(port.retry * 2, lastRetry);
    }

    bool isPinned(const std::string& name) const {
        const auto pins = settings_.pins();
        return std::any_of(pins.begin(), pins.end(),
                           [&](const DevicePin& pin) { return pin.match == "usb:" + name; });
    }

    static std::string idOf(const Port& port) { return "usb-" + port.name; }

    void tell(Port& port, bool claimed, std::string note) {
        port.told.id = idOf(port);
        port.told.driver = driverName;
        port.told.kind = "scanner";
        port.told.port = "usb:" + port.name;
        const bool news = !port.announced || !port.told.present || port.told.claimed != claimed ||
                          port.told.note != note;
        port.told.present = true;
        port.told.claimed = claimed;
        port.told.note = std::move(note);
        port.announced = true;
        if (!news)
            return;
        spdlog::info("hid_scanner: device id={} claimed={} note=\"{}\"", port.told.id, claimed,
                     port.told.note);
        sink_.onStatus(port.told);
    }

    void tellGone(Port& port) {
        if (!port.announced || !port.told.present)
            return;
        port.told.present = false;
        port.told.claimed = false;
        port.told.note = "unplugged";
        spdlog::info("hid_scanner: device id={} unplugged", port.told.id);
        sink_.onStatus(port.told);
    }

    /// Once for a device: a scanner that sends rubbish must not fill the log.
    void tellUndecodable(Port& port) {
        const std::size_t count = port.scanner->undecodable();
        if (count == 0 || port.undecodable_told != 0 || !port.told.claimed)
            return;
        port.undecodable_told = count;
        spdlog::warn("hid_scanner: undecodable reports device={}", port.told.id);
        tell(port, true,
             "it sends reports that cannot be read; reset it with the factory default code of its "
             "manual, then switch it to "
             "USB keyboard or HID-POS");
    }

    void tellLostSeparators(const std::string& id) {
        for (Port& port : ports_)
            if (port.told.id == id && port.told.claimed && !port.left)
                tell(port, true,
                     "it reads GS1 codes but leaves out what separates their parts, as scanners in "
                     "keyboard mode do; switch it to HID-POS or USB COM if you need such codes");
    }

    void deliver(const std::string& id, const Finding& finding, MonoTime at) {
        if (const auto* code = std::get_if<TextCode>(&finding)) {
            sink_.onScan({id, code->bytes, code->symbology, at});
            if (code->lost_separators)
                tellLostSeparators(id);
        } else
            sink_.onLayout(id, std::get<LayoutTestResult>(finding).layout);
    }

    /// Returns the moment up to which all reports have been read: only silence before it is
    /// silence, however long this thread was kept from running since.
    MonoTime waitForEvents() {
        const MonoTime now = monotonicNow();
        Millis wait = longestWait;
        const auto limit = [&](MonoTime due) { wait = std::clamp(due - now, Millis(0), wait); };
        for (const Port& port : ports_) {
            if (port.due && !port.left)
                limit(*port.due);
            if (!port.scanner)
                continue;
            if (const auto due = port.scanner->deadline(); due && !port.scanner->failed())
                limit(*due);
            if (!port.told.claimed)
                limit(now + UsbScanner::settleTime / 4);
        }
        handleEvents(wait);
        return now;
    }

    void handleEvents(Millis wait) {
        timeval timeout{wait.count() / 1000, static_cast<suseconds_t>(wait.count() % 1000) * 1000};
        if (const int error =
                libusb_handle_events_timeout_completed(context_.get(), &timeout, nullptr);
            error != 0 && error != LIBUSB_ERROR_INTERRUPTED)
            throw Error(ErrorCode::unavailable,
                        std::string("USB events cannot be read: ") + libusb_error_name(error));
    }

    /// Closes without giving back: the scanners stay off the console while the daemon is away.
    void shutDown() {
        const MonoTime end = monotonicNow() + shutdownTime;
        const auto busy = [](const Port& port) { return port.scanner && !port.scanner->idle(); };
        for (Port& port : ports_)
            if (port.scanner)
                port.scanner->cancel();
        while (std::any_of(ports_.begin(), ports_.end(), busy) && monotonicNow() < end)
            handleEvents(Millis(50));
    }

    const DeviceSettings& settings_;
    ScanSink& sink_;
    UsbContext context_;
    std::list<Port> ports_;
};

} // namespace

void HidScanner::run(std::stop_token stop, ScanSink& sink) {
    Bus(settings_, sink).run(stop);
}

std::unique_ptr<Driver> makeHidScanner(const DriverContext& context) {
    return std::make_unique<HidScanner>(context.settings);
}

} // namespace gatefold::drivers
