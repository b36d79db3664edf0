#pragma once

#include "ports/scanner.hpp"

#include <memory>

namespace gatefold::drivers {

/// Scanners on serial lines: CDC-ACM and USB-serial adapters, found through udev, and any tty that
/// a [[device]] pins. One thread: the caller's of run().
class SerialScanner final : public Driver {
public:
    explicit SerialScanner(const DeviceSettings& settings) : settings_(settings) {}
    /// Throws Error `unavailable` when udev cannot be reached.
    void run(std::stop_token stop, ScanSink& sink) override;

private:
    const DeviceSettings& settings_;
};

std::unique_ptr<Driver> makeSerialScanner(const DriverContext& context);

} // namespace gatefold::drivers
