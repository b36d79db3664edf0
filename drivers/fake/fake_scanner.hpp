#pragma once

#include "ports/scanner.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace gatefold::drivers {

/// A driver whose devices exist only in a test: plug, scan and unplug are pushed in from any thread
/// and delivered by run(), in order.
class FakeScanner final : public Driver {
public:
    void run(std::stop_token stop, ScanSink& sink) override;

    /// A scanner named "fake-PORT" appears and is claimed; nothing when it is there already.
    void plug(const std::string& port, const std::string& product = "Fake scanner");
    /// It goes; a code that keys() began is dropped.
    void unplug(const std::string& port);
    /// One whole code; nothing from a scanner that is not plugged in.
    void scan(const std::string& port, std::string code, Symbology symbology = Symbology::unknown);
    /// The beginning of a code: it goes in front of the next scan.
    void keys(const std::string& port, std::string part);
    /// The layout test code was read.
    void layoutTest(const std::string& port, std::optional<std::string> layout);
    /// Waits until everything pushed so far was delivered; run() must be running.
    void drain();

    static std::string idOf(const std::string& port) { return "fake-" + port; }

private:
    struct Plug {
        std::string product;
    };
    struct Unplug {};
    struct Keys {
        std::string part;
    };
    struct Scan {
        std::string code;
        Symbology symbology;
    };
    struct LayoutTest {
        std::optional<std::string> layout;
    };
    struct Step {
        std::string port;
        std::variant<Plug, Unplug, Keys, Scan, LayoutTest> what;
    };
    struct Device {
        DeviceStatus status;
        std::string part;
    };

    void push(Step step);
    void deliver(const Step& step, ScanSink& sink);

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Step> steps_;
    bool delivering_ = false;
    std::map<std::string, Device> devices_; ///< by port; only run() touches it
};

} // namespace gatefold::drivers
