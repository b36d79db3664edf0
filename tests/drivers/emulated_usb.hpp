#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

typedef struct _UMockdevTestbed UMockdevTestbed;

/// USB devices for programs that use the real libusb and libudev, on top of umockdev. The preloaded
/// library of `umockdev-wrapper` leads /sys, /dev and udev's socket to a test bed and sends every
/// ioctl on a device's node to the model here, which plays the kernel's usbfs. The node is a link
/// to a pseudo terminal: stopping its output makes poll() say "not writable" until a transfer has
/// completed, and closing its master hangs it up, as the kernel does at an unplug.
namespace gatefold::test {

using Bytes = std::vector<std::uint8_t>;

struct EmulatedInterface {
    std::uint8_t device_class = 3, subclass = 0, protocol = 0;
    Bytes report_descriptor;
    std::uint16_t packet_size = 64;
    std::string kernel_driver = "usbhid"; ///< bound when it is plugged in; empty = none
    bool in_sysfs = false; ///< its report descriptor is there to read without opening the device
};

struct EmulatedUsbSpec {
    std::uint16_t vendor = 0x1209, product_id = 0x0001;
    std::string maker, product, serial; ///< string descriptors; empty ones are not there
    std::vector<EmulatedInterface> interfaces;
};

/// One report on its way from a device; `status` 0 or a negative errno as the kernel gives it
/// (-EPIPE: stall).
struct EmulatedReport {
    Bytes bytes;
    int status = 0;
    bool ends_code = false; ///< its delivery is told by onDelivered
};

class EmulatedUsbModel;

/// A plugged-in device; pulled out when it is destroyed. All functions from one thread.
class EmulatedUsbDevice {
public:
    ~EmulatedUsbDevice();
    EmulatedUsbDevice(EmulatedUsbDevice&&) noexcept = default;

    /// Pulls it out: transfers die, the node hangs up. Without `announced` udev's event is lost.
    void unplug(bool announced = true);
    void send(std::size_t interface_number, std::vector<EmulatedReport> reports);
    /// Called with CLOCK_MONOTONIC nanoseconds when a report with `ends_code` is handed to a
    /// waiting transfer; on a thread of the model.
    void onDelivered(std::function<void(std::int64_t)> callback);
    /// The program that had it open was killed: its transfers and claims are gone, drivers stay
    /// unbound.
    void forgetClients();
    /// True when all reports were handed over and fetched.
    bool drained() const;
    std::set<int> claimed() const;
    bool waitClaimed(int interface_number, int timeout_ms) const;
    bool kernelDriverBound(int interface_number) const;
    std::size_t transfersWaiting() const;
    /// What control requests (8 setup bytes each) came.
    std::vector<Bytes> controlRequests() const;
    /// Stalls requests for report descriptors / makes every claim fail with this errno (0 = works
    /// again).
    void failReportDescriptors(bool fail);
    void failClaims(int error);

private:
    friend class EmulatedUsbBus;
    EmulatedUsbDevice(UMockdevTestbed* bed, std::shared_ptr<EmulatedUsbModel> model,
                      std::string syspath);
    UMockdevTestbed* bed_;
    std::shared_ptr<EmulatedUsbModel> model_;
    std::string syspath_;
};

/// Bus 1 with its root hub. The process must run under `umockdev-wrapper`; children share the bus.
class EmulatedUsbBus {
public:
    EmulatedUsbBus();
    ~EmulatedUsbBus();
    EmulatedUsbBus(const EmulatedUsbBus&) = delete;
    EmulatedUsbBus& operator=(const EmulatedUsbBus&) = delete;

    /// False when not started by `umockdev-wrapper`.
    static bool possible();
    /// Plugs a device into port `port` ("1-1.3"); its address is a new one each time, as the
    /// kernel's.
    EmulatedUsbDevice plug(const std::string& port, const EmulatedUsbSpec& spec);
    UMockdevTestbed* bed() const { return bed_; }
    /// The folder that plays "/".
    static std::string root();

private:
    UMockdevTestbed* bed_;
    int next_address_ = 2;
    /// By address, also those that were pulled out: requests may still be under way to them.
    std::map<int, std::shared_ptr<EmulatedUsbModel>> models_;
};

} // namespace gatefold::test
