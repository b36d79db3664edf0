#pragma once

#include "drivers/hid_scanner/report_descriptor.hpp"

#include <libusb.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatefold::drivers {

struct UsbContextDeleter {
    void operator()(libusb_context* context) const { libusb_exit(context); }
};
struct UsbDeviceDeleter {
    void operator()(libusb_device* device) const { libusb_unref_device(device); }
};
struct UsbHandleDeleter {
    void operator()(libusb_device_handle* handle) const { libusb_close(handle); }
};
struct UsbConfigDeleter {
    void operator()(libusb_config_descriptor* config) const {
        libusb_free_config_descriptor(config);
    }
};
using UsbContext = std::unique_ptr<libusb_context, UsbContextDeleter>;
using UsbDevice = std::unique_ptr<libusb_device, UsbDeviceDeleter>;
using UsbHandle = std::unique_ptr<libusb_device_handle, UsbHandleDeleter>;
using UsbConfig = std::unique_ptr<libusb_config_descriptor, UsbConfigDeleter>;

/// Every request to a device answers within this time or counts as refused.
inline constexpr unsigned controlTimeout_ms = 500;

/// "1-1.3": bus and ports, the device's name in sysfs; empty for a root hub.
std::string usbPortName(libusb_device* device);

/// A text of the device from sysfs ("product", "manufacturer"), read without opening it; empty when
/// there is none.
std::string sysfsText(const std::string& port, const std::string& attribute);
/// The report descriptor of an interface as the kernel's HID driver read it, without opening the
/// device.
std::optional<std::vector<std::uint8_t>>
sysfsReportDescriptor(const std::string& port, int configuration, int interface_number);

/// Claims an interface and takes it from the kernel's driver. libusb error code, 0 = done.
int claimInterface(libusb_device_handle* handle, int interface_number);
/// Reads a report descriptor of at most `length` bytes from a claimed interface; nothing when
/// refused.
std::optional<std::vector<std::uint8_t>>
readReportDescriptor(libusb_device_handle* handle, int interface_number, std::uint16_t length);
/// Tells a keyboard to report changes only and in the form of its descriptor; refusal is normal.
void setKeyboardReporting(libusb_device_handle* handle, int interface_number, bool boot_subclass);
/// The feature report that chooses how Honeywell scanners send.
inline constexpr std::uint8_t honeywellOutputReport = 254;
/// Switches a Honeywell scanner's output to HID-POS reports, as its own web examples do (feature
/// report 254 = 1); refusal is normal.
void switchHoneywellToPos(libusb_device_handle* handle, int interface_number);

/// Reads one interrupt endpoint with several transfers in flight, so that the host controller
/// has buffers also while a report is handled, which may wait for the disk. All callbacks come on
/// the thread that handles libusb events. May only be destroyed when idle().
class InterruptPipe {
public:
    using OnReport = std::function<void(std::span<const std::uint8_t>)>;
    using OnTrouble = std::function<void(libusb_transfer_status)>;
    static constexpr int transfersInFlight = 5;

    /// `handle` must outlive the pipe. Trouble is a stall, an overflow or another failed transfer,
    /// once each.
    InterruptPipe(libusb_device_handle* handle, std::uint8_t endpoint, std::size_t buffer_size,
                  OnReport on_report, OnTrouble on_trouble);
    ~InterruptPipe();
    InterruptPipe(const InterruptPipe&) = delete;
    InterruptPipe& operator=(const InterruptPipe&) = delete;

    /// Submits all transfers that are not in flight; libusb error code, 0 = done.
    int start();
    /// Asks for all transfers back; idle() tells when they have come.
    void cancel();
    bool idle() const { return in_flight_ == 0; }
    std::uint8_t endpoint() const { return endpoint_; }

private:
    struct Slot {
        InterruptPipe* pipe = nullptr;
        libusb_transfer* transfer = nullptr;
        std::vector<std::uint8_t> buffer;
        bool in_flight = false;
    };
    static void LIBUSB_CALL onTransfer(libusb_transfer* transfer);
    void complete(Slot& slot);
    bool submit(Slot& slot);

    std::uint8_t endpoint_;
    OnReport on_report_;
    OnTrouble on_trouble_;
    std::vector<std::unique_ptr<Slot>> slots_;
    int in_flight_ = 0;
    bool stopping_ = false;
};

} // namespace gatefold::drivers
