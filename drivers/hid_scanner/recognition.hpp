#pragma once

#include "drivers/hid_scanner/report_descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// What one interface of a USB device shows of itself.
struct InterfaceFacts {
    int number = 0;
    std::uint8_t device_class = 0, subclass = 0, protocol = 0; ///< bInterfaceClass ...
    std::optional<ReportDescriptor> report; ///< of a HID interface, when it could be read
};

/// What is known of a USB device before it is claimed.
struct DeviceFacts {
    std::uint16_t vendor = 0, product_id = 0;
    std::string maker, product; ///< string descriptors, may be empty
    bool pinned = false;        ///< [[device]] names its port
    std::vector<InterfaceFacts> interfaces;
};

enum class Protocol { keyboard, hidPos, lengthPrefixed };

/// One interface to claim and how it is read.
struct Claim {
    int interface_number;
    Protocol protocol;
    bool operator==(const Claim&) const = default;
};

/// What is to be done with a device.
struct Recognition {
    bool relevant = false;     ///< it is shown to people: it types or it is a scanner
    std::vector<Claim> claims; ///< empty: hands off
    bool on_trial =
        false;        ///< claimed on its descriptors alone; given back when a person types on it
    std::string note; ///< why it is not claimed and what to do
};

/// Decides by descriptors. A bar code scanner collection is always claimed. A keyboard is claimed
/// when its port is pinned, when it or its maker says scanner, or when typing is all it can do:
/// keyboards for people also have media or power keys or a pointer, scanners do not. Makers of
/// keyboards for people are never on trial.
Recognition recognise(const DeviceFacts& device);

} // namespace gatefold::drivers
