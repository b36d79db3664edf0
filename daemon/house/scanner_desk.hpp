#pragma once

#include "app/devices.hpp"
#include "app/scanning.hpp"
#include "ports/feedback.hpp"
#include "ports/scanner.hpp"

namespace gatefold::house {

/// Where the drivers deliver: scans to the use case, news of devices to the list of devices.
class ScannerDesk final : public ScanSink {
public:
    ScannerDesk(Scanning& scanning, Devices& devices, Feedback& feedback)
        : scanning_(scanning), devices_(devices), feedback_(feedback) {}

    void onScan(const DeviceScan& scan) noexcept override;
    void onStatus(const DeviceStatus& status) noexcept override;
    void onLayout(const std::string& device_id,
                  const std::optional<std::string>& layout) noexcept override;

private:
    Scanning& scanning_;
    Devices& devices_;
    Feedback& feedback_;
};

} // namespace gatefold::house
