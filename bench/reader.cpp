// reader [...]: stands in the daemon's place on the emulated bus and does nothing with what it
// reads. Prints "NS" for each code to standard error, NS on CLOCK_MONOTONIC at its receipt: what
// the bus itself costs.
#include "drivers/hid_scanner/hid_scanner.hpp"

#include <pthread.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <thread>

namespace {

using namespace gatefold;

class Teller final : public ScanSink {
public:
    void onScan(const DeviceScan&) noexcept override {
        timespec time{};
        clock_gettime(CLOCK_MONOTONIC, &time);
        std::fprintf(stderr, "%lld\n", time.tv_sec * 1'000'000'000LL + time.tv_nsec);
    }
    void onStatus(const DeviceStatus&) noexcept override {}
    void onLayout(const std::string&, const std::optional<std::string>&) noexcept override {}
};

class Defaults final : public DeviceSettings {
public:
    std::string layoutOf(const std::string&) const override { return "us"; }
    std::vector<DevicePin> pins() const override { return {}; }
};

} // namespace

int main() {
    spdlog::set_level(spdlog::level::off);
    sigset_t ends{};
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const Defaults settings;
    Teller teller;
    std::jthread reading([&](const std::stop_token& stop) {
        try {
            drivers::HidScanner(settings).run(stop, teller);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "reader: %s\n", error.what());
        }
    });
    int signal = 0;
    sigwait(&ends, &signal);
    return 0;
}
