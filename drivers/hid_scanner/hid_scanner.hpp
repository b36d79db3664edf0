#pragma once

#include "ports/scanner.hpp"

#include <memory>

namespace gatefold::drivers {

/// USB scanners in keyboard and HID-POS mode, over libusb. One thread: the caller's of run().
class HidScanner final : public Driver {
public:
    explicit HidScanner(const DeviceSettings& settings) : settings_(settings) {}
    /// Throws Error `unavailable` when libusb cannot be started.
    void run(std::stop_token stop, ScanSink& sink) override;

private:
    const DeviceSettings& settings_;
};

std::unique_ptr<Driver> makeHidScanner(const DriverContext& context);

} // namespace gatefold::drivers
