#pragma once

#include "drivers/hid_scanner/recognition.hpp"
#include "drivers/hid_scanner/usb.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// One interface that was claimed and can be read.
struct ClaimedInterface {
    int number = 0;
    Protocol protocol = Protocol::keyboard;
    bool boot_subclass = false;
    std::uint8_t endpoint = 0;
    std::size_t packet_size = 8;
    ReportDescriptor descriptor;
};

/// What came of looking at a USB device and trying to claim it.
struct Probe {
    bool relevant = false; ///< shown to people
    bool gone = false;     ///< it vanished meanwhile
    bool retry = false;    ///< worth another try later
    bool on_trial = false;
    bool honeywell_ids = false;
    std::string product;
    std::string note; ///< why it is not claimed
    UsbHandle handle; ///< set when claimed; its interfaces stay detached from the kernel's driver
                      ///< when it is closed
    std::vector<ClaimedInterface> interfaces;
};

/// Looks at a device and claims it when it is a scanner. What is not is left to the kernel,
/// untouched where its descriptors can be had without opening it. Waits at most `controlTimeout_ms`
/// for each request; not for libusb callbacks.
Probe probeUsbDevice(libusb_device* device, bool pinned);

} // namespace gatefold::drivers
