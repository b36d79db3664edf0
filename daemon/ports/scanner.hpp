#pragma once

#include "core/gtin.hpp"
#include "core/time.hpp"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// What a driver knows about one scanner or camera. `id` is stable over replug and restart: it
/// comes from the port, because cheap scanners share serial numbers ("usb-1-1.3",
/// "tty-platform-...", "video-...", "folder-...").
struct DeviceStatus {
    std::string id;
    std::string driver; ///< "hid_scanner"
    std::string kind;   ///< "scanner" or "camera"
    std::string port; ///< the form of [[device]] match: "usb:1-1.3", "tty:/dev/serial/by-path/...",
                      ///< "video:...", "folder:..."
    std::string product; ///< what the device calls itself, cut at 120 characters, valid UTF-8
    bool present = false;
    bool claimed = false;
    std::string note; ///< why it is not claimed, or what to do; empty when all is well
};

/// One code as a driver read it. `bytes` are raw: 1-4,096 bytes, any encoding; trailing end keys
/// are cut.
struct DeviceScan {
    std::string device_id;
    std::string bytes;
    Symbology symbology = Symbology::unknown;
    MonoTime at{};
};

/// Where drivers deliver what they read. Called from the drivers' own threads; returns after the
/// raw scan is on disk.
class ScanSink {
public:
    virtual ~ScanSink() = default;
    /// Never throws: what cannot be handled is journalled and told to the household.
    virtual void onScan(const DeviceScan& scan) noexcept = 0;
    /// A device came, went, was claimed or could not be. Also once for each device found at start.
    virtual void onStatus(const DeviceStatus& status) noexcept = 0;
    /// A keyboard scanner read the layout test code: `layout` is what the keys say ("de"), or
    /// nothing when no table fits.
    virtual void onLayout(const std::string& device_id,
                          const std::optional<std::string>& layout) noexcept = 0;
};

/// Settings of one device as the configuration or the page pinned them.
struct DevicePin {
    std::string match; ///< "usb:1-1.3", "tty:PATH", "video:PATH", "folder:PATH"
    std::optional<std::string> name, deck, layout;
    std::optional<int> baud; ///< speed of a serial line; 9600 when nobody said
};

/// Where a driver asks for a keyboard's layout ("us" when nobody said). Callable from any thread.
class DeviceSettings {
public:
    virtual ~DeviceSettings() = default;
    virtual std::string layoutOf(const std::string& device_id) const = 0;
    /// Devices that the configuration names; a driver opens those it serves even if it would not
    /// find them by itself.
    virtual std::vector<DevicePin> pins() const = 0;
};

/// A family of devices. One instance serves all devices of its kind, present and future.
class Driver {
public:
    virtual ~Driver() = default;
    /// Finds, claims and reads until `stop` is asked for; own thread(s) for its devices. Throws
    /// Error `unavailable` when the whole family cannot work here (no USB); a single bad device
    /// only has a status.
    virtual void run(std::stop_token stop, ScanSink& sink) = 0;
};

/// What a driver is made from.
struct DriverContext {
    const DeviceSettings& settings;
};

/// One row of the drivers' table (drivers/registry.cpp).
struct DriverDescriptor {
    std::string_view name;
    std::string_view summary; ///< one line for `gatefold devices` and documents
    std::unique_ptr<Driver> (*make)(const DriverContext& context);
};

} // namespace gatefold
