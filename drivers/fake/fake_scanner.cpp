#include "drivers/fake/fake_scanner.hpp"

#include <chrono>
#include <utility>

namespace gatefold::drivers {

namespace {

MonoTime now() {
    return std::chrono::time_point_cast<Millis>(std::chrono::steady_clock::now());
}

} // namespace

void FakeScanner::run(std::stop_token stop, ScanSink& sink) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [&] { return !steps_.empty(); })) {
        if (stop.stop_requested())
            return;
        const Step step = std::move(steps_.front());
        steps_.pop_front();
        delivering_ = true;
        lock.unlock();
        deliver(step, sink);
        lock.lock();
        delivering_ = false;
        changed_.notify_all();
    }
}

void FakeScanner::deliver(const Step& step, ScanSink& sink) {
    const std::string id = idOf(step.port);
    const auto device = devices_.find(step.port);
    const bool present = device != devices_.end();
    if (const auto* plug = std::get_if<Plug>(&step.what); plug != nullptr && !present) {
        const DeviceStatus status{id,   "fake", "scanner", "fake:" + step.port, plug->product,
                                  true, true,   ""};
        devices_[step.port] = {status, ""};
        sink.onStatus(status);
    } else if (!present) {
        return;
    } else if (std::holds_alternative<Unplug>(step.what)) {
        DeviceStatus status = device->second.status;
        devices_.erase(device);
        status.present = false;
        status.claimed = false;
        status.note = "unplugged";
        sink.onStatus(status);
    } else if (const auto* keys = std::get_if<Keys>(&step.what)) {
        device->second.part += keys->part;
    } else if (const auto* scan = std::get_if<Scan>(&step.what)) {
        const std::string code = std::exchange(device->second.part, "") + scan->code;
        sink.onScan({id, code, scan->symbology, now()});
    } else if (const auto* test = std::get_if<LayoutTest>(&step.what)) {
        sink.onLayout(id, test->layout);
    }
}

void FakeScanner::push(Step step) {
    const std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
    changed_.notify_all();
}

void FakeScanner::plug(const std::string& port, const std::string& product) {
    push({port, Plug{product}});
}

void FakeScanner::unplug(const std::string& port) {
    push({port, Unplug{}});
}

void FakeScanner::scan(const std::string& port, std::string code, Symbology symbology) {
    push({port, Scan{std::move(code), symbology}});
}

void FakeScanner::keys(const std::string& port, std::string part) {
    push({port, Keys{std::move(part)}});
}

void FakeScanner::layoutTest(const std::string& port, std::optional<std::string> layout) {
    push({port, LayoutTest{std::move(layout)}});
}

void FakeScanner::drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return steps_.empty() && !delivering_; });
}

} // namespace gatefold::drivers
