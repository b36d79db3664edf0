/// What every scanner driver promises, run on the fake and on the real ones among emulated devices:
/// needs `umockdev-wrapper`.
#include "drivers/fake/fake_scanner.hpp"
#include "drivers/hid_scanner/hid_scanner.hpp"
#include "drivers/serial_scanner/serial_scanner.hpp"
#include "tests/drivers/driver_bench.hpp"
#include "tests/drivers/emulated_tty.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;

namespace {

/// Two places to plug scanners into, numbered 1 and 2, for one driver.
class FakeRig {
public:
    static constexpr const char* driverName = "fake";
    Driver& driver() { return scanner_; }
    std::string idOf(int place) const { return drivers::FakeScanner::idOf(std::to_string(place)); }
    void plug(int place) { scanner_.plug(std::to_string(place)); }
    void unplug(int place) { scanner_.unplug(std::to_string(place)); }
    void scan(int place, const std::string& code) { scanner_.scan(std::to_string(place), code); }
    void begin(int place, const std::string& part) { scanner_.keys(std::to_string(place), part); }

private:
    drivers::FakeScanner scanner_;
};

/// USB scanners of one model.
template <EmulatedUsbSpec (*model)(std::string)>
class UsbRig {
public:
    static constexpr const char* driverName = "hid_scanner";
    Driver& driver() { return driver_; }
    std::string idOf(int place) const { return "usb-1-" + std::to_string(place); }
    void plug(int place) {
        devices_.emplace(place, bus_.plug("1-" + std::to_string(place), model("Contract scanner")));
    }
    void unplug(int place) { devices_.erase(place); }

protected:
    void send(int place, std::vector<EmulatedReport> reports) {
        devices_.at(place).send(0, std::move(reports));
    }
    /// Half a code must have been read before the plug is pulled.
    void sendAndWait(int place, std::vector<EmulatedReport> reports) {
        send(place, std::move(reports));
        for (int i = 0; i < 4000 && !devices_.at(place).drained(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

private:
    EmulatedUsbBus bus_;
    TestSettings settings_;
    drivers::HidScanner driver_{settings_};
    std::map<int, EmulatedUsbDevice> devices_;
};

class KeyboardRig : public UsbRig<keyboardScanner> {
public:
    void scan(int place, const std::string& code) { send(place, keyReports(code + "\r")); }
    void begin(int place, const std::string& part) { sendAndWait(place, keyReports(part)); }
};

class HidPosRig : public UsbRig<hidPosScanner> {
public:
    void scan(int place, const std::string& code) { send(place, hidPosReports("]Q1", code)); }
    void begin(int place, const std::string& part) {
        auto reports = hidPosReports("]Q1", part + std::string(100, 'x'));
        reports.resize(1);
        sendAndWait(place, std::move(reports));
    }
};

class SerialRig {
public:
    static constexpr const char* driverName = "serial_scanner";
    Driver& driver() { return driver_; }
    std::string idOf(int place) const {
        return "tty-pci-0000:00:14.0-usb-0:" + std::to_string(place) + ":1.0";
    }
    void plug(int place) {
        ttys_.emplace(place,
                      std::make_unique<EmulatedTty>(bus_, "ttyACM" + std::to_string(next_number_++),
                                                    "1-" + std::to_string(place)));
    }
    void unplug(int place) { ttys_.erase(place); }
    void scan(int place, const std::string& code) { ttys_.at(place)->send(code + "\r"); }
    void begin(int place, const std::string& part) { ttys_.at(place)->send(part); }

private:
    EmulatedUsbBus bus_;
    TestSettings settings_;
    drivers::SerialScanner driver_{settings_};
    std::map<int, std::unique_ptr<EmulatedTty>> ttys_;
    int next_number_ = 0;
};

using Rigs = boost::mpl::list<FakeRig, KeyboardRig, HidPosRig, SerialRig>;

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_device_present_at_start_is_told_once_and_completely, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    rig.plug(1);
    RunningDriver running(rig.driver(), sink);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    const auto history = sink.history(rig.idOf(1));
    BOOST_TEST(history.size() == 1U);
    const DeviceStatus& status = history.front();
    BOOST_TEST(status.driver == Rig::driverName);
    BOOST_TEST(status.kind == "scanner");
    BOOST_TEST(status.port.find(':') != std::string::npos);
    BOOST_TEST(!status.product.empty());
    BOOST_TEST(status.note == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_says_which_device_and_when, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    RunningDriver running(rig.driver(), sink);
    rig.plug(1);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    const auto before = std::chrono::time_point_cast<Millis>(std::chrono::steady_clock::now());
    rig.scan(1, "0075992731312");
    const auto scan = sink.nextScan();
    BOOST_REQUIRE(scan.has_value());
    BOOST_TEST(scan->device_id == rig.idOf(1));
    BOOST_TEST(scan->bytes == "0075992731312");
    BOOST_TEST((scan->at >= before));
    BOOST_TEST((scan->at <= std::chrono::steady_clock::now()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(scans_come_in_order_and_none_is_swallowed, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    rig.plug(1);
    RunningDriver running(rig.driver(), sink);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    for (int i = 0; i < 20; ++i)
        rig.scan(1, "code " + std::to_string(i / 2)); // the same code twice is two scans: what to
                                                      // make of it is not the driver's affair
    for (int i = 0; i < 20; ++i)
        BOOST_REQUIRE_EQUAL(sink.nextCode(), "code " + std::to_string(i / 2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(two_devices_do_not_mix, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    RunningDriver running(rig.driver(), sink);
    rig.plug(1);
    rig.plug(2);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(2)));
    rig.scan(1, "one");
    rig.scan(2, "two");
    for (int i = 0; i < 2; ++i) {
        const auto scan = sink.nextScan();
        BOOST_REQUIRE(scan.has_value());
        BOOST_TEST(scan->bytes == (scan->device_id == rig.idOf(1) ? "one" : "two"));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_device_keeps_its_id_over_a_replug, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    RunningDriver running(rig.driver(), sink);
    for (int i = 0; i < 3; ++i) {
        rig.plug(1);
        BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
        rig.scan(1, "round " + std::to_string(i));
        BOOST_TEST(sink.nextCode() == "round " + std::to_string(i));
        rig.unplug(1);
        BOOST_REQUIRE(sink.waitGone(rig.idOf(1)));
        BOOST_TEST(!sink.status(rig.idOf(1))->claimed);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unplug_in_mid_code_drops_the_part, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    RunningDriver running(rig.driver(), sink);
    rig.plug(1);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    rig.scan(1, "first"); // one that sends end keys is given more time before silence ends a code
    BOOST_TEST(sink.nextCode() == "first");
    rig.begin(1, "half a co");
    rig.unplug(1);
    BOOST_REQUIRE(sink.waitGone(rig.idOf(1)));
    rig.plug(1);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    rig.scan(1, "whole");
    BOOST_TEST(sink.nextCode() == "whole");
    BOOST_TEST(sink.scansWaiting() == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_device_leaving_does_not_disturb_another, Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    RunningDriver running(rig.driver(), sink);
    rig.plug(1);
    rig.plug(2);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(2)));
    rig.unplug(1);
    rig.scan(2, "still here");
    BOOST_TEST(sink.nextCode() == "still here");
    BOOST_TEST(sink.waitGone(rig.idOf(1)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(after_the_end_of_run_nothing_is_delivered_and_it_can_be_run_again,
                              Rig, Rigs) {
    Rig rig;
    RecordingSink sink;
    rig.plug(1);
    RunningDriver running(rig.driver(), sink);
    BOOST_REQUIRE(sink.waitClaimed(rig.idOf(1)));
    BOOST_TEST(running.stop() == "");
    const std::size_t calls = sink.calls();
    rig.unplug(1);
    rig.plug(2);
    BOOST_TEST(sink.calls() == calls);
    RecordingSink second;
    RunningDriver again(rig.driver(), second);
    BOOST_TEST(second.waitClaimed(rig.idOf(2)));
}
