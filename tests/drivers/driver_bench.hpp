#pragma once

#include "ports/scanner.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gatefold::test {

/// Long enough for any machine: waits end as soon as what is waited for has come.
inline constexpr std::chrono::milliseconds patience{20'000};

/// Keeps what a driver delivers.
class RecordingSink final : public ScanSink {
public:
    void onScan(const DeviceScan& scan) noexcept override;
    void onStatus(const DeviceStatus& status) noexcept override;
    void onLayout(const std::string& device_id,
                  const std::optional<std::string>& layout) noexcept override;

    /// The next scan that was not taken yet; nothing when none comes.
    std::optional<DeviceScan> nextScan(std::chrono::milliseconds patience_ms = patience);
    /// Bytes of the next scan, "(none)" when none comes.
    std::string nextCode(std::chrono::milliseconds patience_ms = patience);
    /// Waits until the latest status of a device fits.
    bool waitStatus(const std::string& id, const std::function<bool(const DeviceStatus&)>& fits);
    bool waitClaimed(const std::string& id);
    bool waitGone(const std::string& id);
    bool waitNote(const std::string& id, const std::string& part);
    std::optional<DeviceStatus> status(const std::string& id);
    std::vector<DeviceStatus> history(const std::string& id);
    /// The next layout test's result: device and layout.
    std::optional<std::pair<std::string, std::optional<std::string>>> nextLayout();
    std::size_t scansWaiting();
    /// How many calls came so far.
    std::size_t calls();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<DeviceScan> scans_;
    std::vector<DeviceStatus> statuses_;
    std::deque<std::pair<std::string, std::optional<std::string>>> layouts_;
    std::size_t calls_ = 0;
};

/// Settings as a test wants them.
class TestSettings final : public DeviceSettings {
public:
    std::string layoutOf(const std::string& device_id) const override;
    std::vector<DevicePin> pins() const override;
    void setLayout(const std::string& device_id, const std::string& layout);
    void pin(const std::string& match, std::optional<int> baud = {});

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> layouts_;
    std::vector<DevicePin> pins_;
};

/// A driver at work on a thread of its own; stopped and joined at the end.
class RunningDriver {
public:
    RunningDriver(Driver& driver, ScanSink& sink);
    ~RunningDriver();
    /// Asks for the end and waits for it; the message of the Error that run() ended with, if it
    /// did.
    std::string stop();

private:
    std::string error_;
    std::jthread thread_;
};

} // namespace gatefold::test
