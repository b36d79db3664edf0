#include "tests/drivers/driver_bench.hpp"

#include <algorithm>

namespace gatefold::test {

void RecordingSink::onScan(const DeviceScan& scan) noexcept {
    const std::lock_guard lock(mutex_);
    ++calls_;
    scans_.push_back(scan);
    changed_.notify_all();
}

void RecordingSink::onStatus(const DeviceStatus& status) noexcept {
    const std::lock_guard lock(mutex_);
    ++calls_;
    statuses_.push_back(status);
    changed_.notify_all();
}

void RecordingSink::onLayout(const std::string& device_id,
                             const std::optional<std::string>& layout) noexcept {
    const std::lock_guard lock(mutex_);
    ++calls_;
    layouts_.emplace_back(device_id, layout);
    changed_.notify_all();
}

std::optional<DeviceScan> RecordingSink::nextScan(std::chrono::milliseconds patience_ms) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience_ms, [&] { return !scans_.empty(); }))
        return std::nullopt;
    DeviceScan scan = std::move(scans_.front());
    scans_.pop_front();
    return scan;
}

std::string RecordingSink::nextCode(std::chrono::milliseconds patience_ms) {
    const auto scan = nextScan(patience_ms);
    return scan ? scan->bytes : "(none)";
}

bool RecordingSink::waitStatus(const std::string& id,
                               const std::function<bool(const DeviceStatus&)>& fits) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] {
        const auto latest = std::find_if(statuses_.rbegin(), statuses_.rend(),
                                         [&](const auto& s) { return s.id == id; });
        return latest != statuses_.rend() && fits(*latest);
    });
}

bool RecordingSink::waitClaimed(const std::string& id) {
    return waitStatus(id, [](const DeviceStatus& s) { return s.present && s.claimed; });
}

bool RecordingSink::waitGone(const std::string& id) {
    return waitStatus(id, [](const DeviceStatus& s) { return !s.present; });
}

bool RecordingSink::waitNote(const std::string& id, const std::string& part) {
    return waitStatus(
        id, [&](const DeviceStatus& s) { return s.note.find(part) != std::string::npos; });
}

std::optional<DeviceStatus> RecordingSink::status(const std::string& id) {
    const auto all = history(id);
    return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<DeviceStatus> RecordingSink::history(const std::string& id) {
    const std::lock_guard lock(mutex_);
    std::vector<DeviceStatus> result;
    std::copy_if(statuses_.begin(), statuses_.end(), std::back_inserter(result),
                 [&](const DeviceStatus& s) { return s.id == id; });
    return result;
}

std::optional<std::pair<std::string, std::optional<std::string>>> RecordingSink::nextLayout() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return !layouts_.empty(); }))
        return std::nullopt;
    auto result = std::move(layouts_.front());
    layouts_.pop_front();
    return result;
}

std::size_t RecordingSink::scansWaiting() {
    const std::lock_guard lock(mutex_);
    return scans_.size();
}

std::size_t RecordingSink::calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
}

std::string TestSettings::layoutOf(const std::string& device_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = layouts_.find(device_id);
    return found == layouts_.end() ? "us" : found->second;
}

std::vector<DevicePin> TestSettings::pins() const {
    const std::lock_guard lock(mutex_);
    return pins_;
}

void TestSettings::setLayout(const std::string& device_id, const std::string& layout) {
    const std::lock_guard lock(mutex_);
    layouts_[device_id] = layout;
}

void TestSettings::pin(const std::string& match, std::optional<int> baud) {
    const std::lock_guard lock(mutex_);
    pins_.push_back({match, {}, {}, {}, baud});
}

RunningDriver::RunningDriver(Driver& driver, ScanSink& sink)
    : thread_([this, &driver, &sink](std::stop_token stop) noexcept {
          try {
              driver.run(std::move(stop), sink);
          } catch (const std::exception& error) {
              error_ = error.what();
          }
      }) {}

RunningDriver::~RunningDriver() {
    stop();
}

std::string RunningDriver::stop() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
    return error_;
}

} // namespace gatefold::test
