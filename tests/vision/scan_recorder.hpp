#pragma once

#include "ports/scanner.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace gatefold::test {

/// Keeps what a driver delivers; waits are bounded by half a minute, the check is what they return.
class ScanRecorder : public ScanSink {
public:
    void onScan(const DeviceScan& scan) noexcept override {
        const std::scoped_lock lock(mutex_);
        scans_.push_back(scan);
        changed_.notify_all();
    }
    void onStatus(const DeviceStatus& status) noexcept override {
        const std::scoped_lock lock(mutex_);
        statuses_.push_back(status);
        changed_.notify_all();
    }
    void onLayout(const std::string&, const std::optional<std::string>&) noexcept override {}

    /// The codes so far, once there are `count`.
    std::vector<std::string> codes(std::size_t count) {
        std::unique_lock lock(mutex_);
        wait(lock, [&] { return scans_.size() >= count; });
        std::vector<std::string> codes;
        for (const DeviceScan& scan : scans_)
            codes.push_back(scan.bytes);
        return codes;
    }
    std::vector<DeviceScan> scans() {
        const std::scoped_lock lock(mutex_);
        return scans_;
    }
    /// True once a status that came after the first `from` ones fits.
    template <class Predicate>
    bool sawStatus(Predicate fits, std::size_t from = 0) {
        std::unique_lock lock(mutex_);
        return wait(lock, [&] {
            return std::any_of(statuses_.begin() +
                                   static_cast<std::ptrdiff_t>(std::min(from, statuses_.size())),
                               statuses_.end(), fits);
        });
    }
    std::size_t statusCount() {
        const std::scoped_lock lock(mutex_);
        return statuses_.size();
    }

private:
    template <class Done>
    bool wait(std::unique_lock<std::mutex>& lock, Done done) {
        return changed_.wait_for(lock, std::chrono::seconds(30), done);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<DeviceScan> scans_;
    std::vector<DeviceStatus> statuses_;
};

/// Pins that a test sets.
class Pins : public DeviceSettings {
public:
    explicit Pins(std::vector<std::string> matches) : matches_(std::move(matches)) {}
    std::string layoutOf(const std::string&) const override { return "us"; }
    std::vector<DevicePin> pins() const override {
        std::vector<DevicePin> pins;
        for (const std::string& match : matches_)
            pins.push_back({match, {}, {}, {}, {}});
        return pins;
    }

private:
    std::vector<std::string> matches_;
};

} // namespace gatefold::test
