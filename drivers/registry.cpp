#include "drivers/registry.hpp"

#include "drivers/hid_scanner/hid_scanner.hpp"
#include "drivers/serial_scanner/serial_scanner.hpp"

#include <array>

namespace gatefold::drivers {

namespace {

constexpr std::array table{
    DriverDescriptor{"hid_scanner", "USB scanners in keyboard or HID-POS mode", &makeHidScanner},
    DriverDescriptor{"serial_scanner", "USB-serial and CDC-ACM scanners", &makeSerialScanner},
};

} // namespace

std::span<const DriverDescriptor> registry() {
    return table;
}

} // namespace gatefold::drivers
