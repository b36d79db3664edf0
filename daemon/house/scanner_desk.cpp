#include "house/scanner_desk.hpp"

#include "core/error.hpp"

#include <spdlog/spdlog.h>

namespace gatefold::house {

void ScannerDesk::onScan(const DeviceScan& scan) noexcept {
    try {
        devices_.scanned(scan.device_id);
        const ScanReply reply =
            scanning_.scan({scan.device_id, scan.bytes, {}, {}, scan.symbology});
        spdlog::info("scan: answered id={} source={} outcome={}", reply.answer.id.text(),
                     scan.device_id, nameOf(reply.answer.outcome));
    } catch (const std::exception& error) {
        // Nothing was journalled, or its outcome has to wait: either way the person at the shelf
        // has to hear it.
        feedback_.play(Tone::error, scan.device_id);
        spdlog::error("scan: refused source={} reason={}", scan.device_id, error.what());
    }
}

void ScannerDesk::onStatus(const DeviceStatus& status) noexcept {
    try {
        devices_.status(status);
        spdlog::info("device: status id={} present={} claimed={} note={}", status.id,
                     status.present, status.claimed, status.note);
    } catch (const std::exception& error) {
        spdlog::error("device: status lost id={} reason={}", status.id, error.what());
    }
}

void ScannerDesk::onLayout(const std::string& device_id,
                           const std::optional<std::string>& layout) noexcept {
    try {
        devices_.layoutFound(device_id, layout);
        spdlog::info("device: layout test id={} layout={}", device_id, layout.value_or("none"));
    } catch (const std::exception& error) {
        spdlog::error("device: layout not kept id={} reason={}", device_id, error.what());
    }
}

} // namespace gatefold::house
