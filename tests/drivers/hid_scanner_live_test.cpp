/// The USB driver with the real libusb against emulated devices: needs `umockdev-wrapper`.
#include "drivers/hid_scanner/hid_scanner.hpp"
#include "tests/drivers/driver_bench.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>

using namespace gatefold;
using namespace gatefold::test;

namespace {

struct Bench {
    EmulatedUsbBus bus;
    TestSettings settings;
    RecordingSink sink;
    drivers::HidScanner driver{settings};
};

/// Waits until the driver has fetched everything that was sent.
bool fetched(const EmulatedUsbDevice& device) {
    for (int i = 0; i < 4000 && !device.drained(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return device.drained();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_keyboard_scanner_present_at_start_is_taken_from_the_kernel_and_read) {
    Bench b;
    auto scanner = b.bus.plug("1-3", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-3"));
    BOOST_TEST(!scanner.kernelDriverBound(0));
    BOOST_TEST(scanner.claimed().count(0) == 1U);
    const auto status = b.sink.status("usb-1-3");
    BOOST_TEST(status->driver == "hid_scanner");
    BOOST_TEST(status->kind == "scanner");
    BOOST_TEST(status->port == "usb:1-3");
    BOOST_TEST(status->product == "Emulated keyboard scanner");
    BOOST_TEST(status->note == "");
    scanner.send(0, keyReports("0075992731312\r"));
    const auto scan = b.sink.nextScan();
    BOOST_REQUIRE(scan.has_value());
    BOOST_TEST(scan->device_id == "usb-1-3");
    BOOST_TEST(scan->bytes == "0075992731312");
}

BOOST_AUTO_TEST_CASE(a_code_ends_by_tab_or_by_silence_too) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("by silence"));
    BOOST_TEST(b.sink.nextCode() == "by silence");
    scanner.send(0, keyReports("by tab\t"));
    BOOST_TEST(b.sink.nextCode() == "by tab");
    scanner.send(0, keyReports("silence again"));
    BOOST_TEST(b.sink.nextCode() == "silence again");
}

BOOST_AUTO_TEST_CASE(many_codes_come_whole_and_in_order) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    for (int i = 0; i < 100; ++i)
        scanner.send(0, keyReports("SKU-" + std::to_string(1000 + i) + "\r"));
    for (int i = 0; i < 100; ++i)
        BOOST_REQUIRE_EQUAL(b.sink.nextCode(), "SKU-" + std::to_string(1000 + i));
}

BOOST_AUTO_TEST_CASE(a_scanner_plugged_in_later_is_found_and_one_pulled_out_is_told) {
    Bench b;
    RunningDriver running(b.driver, b.sink);
    for (int i = 0; i < 3; ++i) {
        auto scanner = b.bus.plug("1-2", hidPosScanner());
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-2"));
        scanner.send(0, hidPosReports("]E0", "0075992731312"));
        const auto scan = b.sink.nextScan();
        BOOST_REQUIRE(scan.has_value());
        BOOST_TEST(scan->bytes == "0075992731312");
        BOOST_TEST((scan->symbology == Symbology::ean13));
        scanner.unplug();
        BOOST_REQUIRE(b.sink.waitGone("usb-1-2"));
        BOOST_TEST(!b.sink.status("usb-1-2")->claimed);
    }
}

BOOST_AUTO_TEST_CASE(half_a_code_is_dropped_at_an_unplug_with_and_without_udev_event) {
    for (const bool announced : {true, false}) {
        Bench b;
        RunningDriver running(b.driver, b.sink);
        {
            auto scanner = b.bus.plug("1-1", keyboardScanner());
            BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
            scanner.send(0, keyReports("first\r"));
            BOOST_REQUIRE_EQUAL(b.sink.nextCode(), "first");
            scanner.send(0, keyReports("00759927"));
            BOOST_REQUIRE(fetched(scanner));
            scanner.unplug(announced);
            BOOST_REQUIRE(b.sink.waitGone("usb-1-1"));
        }
        auto again = b.bus.plug("1-1", keyboardScanner());
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
        again.send(0, keyReports("31312\r"));
        BOOST_TEST(b.sink.nextCode() == "31312");
        BOOST_TEST(b.sink.scansWaiting() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(half_a_hid_pos_code_is_dropped_at_an_unplug) {
    Bench b;
    RunningDriver running(b.driver, b.sink);
    auto scanner = b.bus.plug("1-1", hidPosScanner());
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    auto reports = hidPosReports("]d2", std::string(100, '7'));
    reports.resize(1);
    scanner.send(0, reports);
    BOOST_REQUIRE(fetched(scanner));
    scanner.unplug();
    BOOST_REQUIRE(b.sink.waitGone("usb-1-1"));
    BOOST_TEST(b.sink.scansWaiting() == 0U);
}

BOOST_AUTO_TEST_CASE(a_long_hid_pos_code_comes_whole_with_its_control_characters) {
    Bench b;
    auto scanner = b.bus.plug("1-1", hidPosScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    const std::string code = "010950110153000317250101"
                             "10AB-123\x1d" +
                             std::string(120, 'x');
    scanner.send(0, hidPosReports("]d2", code));
    const auto scan = b.sink.nextScan();
    BOOST_REQUIRE(scan.has_value());
    BOOST_TEST(scan->bytes == code);
    BOOST_TEST((scan->symbology == Symbology::other));
}

BOOST_AUTO_TEST_CASE(a_keyboard_scanner_that_drops_gs1_separators_is_told_to_be_switched) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("]C101095011015300031012345\r"));
    BOOST_TEST(b.sink.nextCode() == "01095011015300031012345");
    BOOST_TEST(b.sink.waitNote("usb-1-1", "switch it to HID-POS or USB COM"));
    BOOST_TEST(b.sink.status("usb-1-1")->claimed);
}

BOOST_AUTO_TEST_CASE(a_honeywell_scanner_is_switched_to_hid_pos_reports) {
    const Bytes setFeatureReport254{0x21, 0x09, 0xFE, 0x03, 0x00, 0x00, 0x02, 0x00};
    const auto switched = [&](const EmulatedUsbDevice& device) {
        const auto requests = device.controlRequests();
        return std::count(requests.begin(), requests.end(), setFeatureReport254);
    };
    Bench b;
    EmulatedUsbSpec spec = hidPosScanner("Voyager 1400g");
    spec.interfaces[0].report_descriptor = honeywellDescriptor();
    auto other = b.bus.plug("1-1", spec);
    spec.vendor = 0x0c2e;
    auto honeywell = b.bus.plug("1-2", spec);
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-2"));
    BOOST_TEST(switched(honeywell) == 1);
    BOOST_TEST(switched(other) == 0);
    // The emulated device refuses the request, as older firmware does, and is read all the same.
    honeywell.send(0, hidPosReports("]E0", "0075992731312"));
    BOOST_TEST(b.sink.nextCode() == "0075992731312");
}

BOOST_AUTO_TEST_CASE(one_bad_device_never_stops_the_others) {
    Bench b;
    auto mute = b.bus.plug("1-1", keyboardScanner("Mute"));
    mute.failReportDescriptors(true);
    auto busy = b.bus.plug("1-2", keyboardScanner("Busy"));
    busy.failClaims(EBUSY);
    auto garbage = b.bus.plug("1-3", keyboardScanner("Garbage scanner"));
    auto good = b.bus.plug("1-4", keyboardScanner("Good"));
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-4"));
    BOOST_REQUIRE(b.sink.waitNote("usb-1-1", "report descriptor cannot be read"));
    BOOST_REQUIRE(b.sink.waitNote("usb-1-2", "another program has claimed it"));
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-3"));
    garbage.send(
        0, {{{0xFF}, 0, false}, {{0x00, 0x00}, 0, false}, {{9, 9, 9, 9, 9, 9, 9, 9}, 0, false}});
    good.send(0, keyReports("still here\r"));
    BOOST_TEST(b.sink.nextScan()->device_id == "usb-1-4");
    BOOST_REQUIRE(b.sink.waitNote("usb-1-3", "reports that cannot be read"));

    busy.failClaims(0); // the other program ended
    BOOST_TEST(b.sink.waitClaimed("usb-1-2"));
}

BOOST_AUTO_TEST_CASE(a_stall_is_cleared_and_the_scanner_works_on) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("half a"));
    scanner.send(0, {{{}, -EPIPE, false}});
    scanner.send(0, keyReports("whole\r"));
    BOOST_TEST(b.sink.nextCode() == "whole");
}

BOOST_AUTO_TEST_CASE(a_scanner_that_keeps_failing_is_closed_and_opened_again) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, {{{}, -EPROTO, false}});
    BOOST_REQUIRE(b.sink.waitStatus("usb-1-1", [](const DeviceStatus& s) { return !s.claimed; }));
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("back\r"));
    BOOST_TEST(b.sink.nextCode() == "back");
}

BOOST_AUTO_TEST_CASE(reports_longer_than_the_endpoint_allows_are_survived) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, {{Bytes(64, 0x05), 0, false}, {Bytes(4096, 0x05), 0, false}});
    scanner.send(0, keyReports("after\r"));
    BOOST_TEST(b.sink.nextCode() == "after");
}

BOOST_AUTO_TEST_CASE(a_babbling_scanner_gives_one_overlong_code_and_leaves_the_others_alone) {
    Bench b;
    auto babbler = b.bus.plug("1-1", keyboardScanner());
    auto good = b.bus.plug("1-2", hidPosScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-2"));
    good.send(0, hidPosReports("]Q1", "before"));
    BOOST_TEST(b.sink.nextCode() == "before");
    std::vector<EmulatedReport>
        babble; // six keys at once, never released for long: 6,000 characters
    for (int i = 0; i < 500; ++i) {
        babble.push_back({{0, 0, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09}, 0, false});
        babble.push_back({{0, 0, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F}, 0, false});
    }
    babbler.send(0, babble);
    babbler.send(0, keyReports("\r"));
    const auto cut = b.sink.nextScan();
    BOOST_REQUIRE(cut.has_value());
    BOOST_TEST(cut->bytes.size() == 4096U);
    good.send(0, hidPosReports("]Q1", "between"));
    babbler.send(0, keyReports("short\r"));
    std::vector<std::string> codes{b.sink.nextCode(), b.sink.nextCode()};
    std::sort(codes.begin(), codes.end());
    BOOST_TEST(codes == (std::vector<std::string>{"between", "short"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(two_scanners_of_the_same_model_are_told_apart_by_their_ports) {
    Bench b;
    auto left = b.bus.plug("1-1", keyboardScanner());
    auto right = b.bus.plug("1-2", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-2"));
    left.send(0, keyReports("left\r"));
    auto scan = b.sink.nextScan();
    BOOST_TEST(scan->device_id == "usb-1-1");
    BOOST_TEST(scan->bytes == "left");
    right.send(0, keyReports("right\r"));
    scan = b.sink.nextScan();
    BOOST_TEST(scan->device_id == "usb-1-2");
    BOOST_TEST(scan->bytes == "right");
}

BOOST_AUTO_TEST_CASE(a_storm_of_plugs_ends_with_a_working_scanner) {
    Bench b;
    RunningDriver running(b.driver, b.sink);
    // In gusts, for the emulated bus keeps no more than ten events that nobody has fetched: each
    // gust has passed when the scanner plugged in behind it is claimed.
    for (int gust = 0; gust < 10; ++gust) {
        for (int i = 0; i < 2; ++i)
            auto scanner = b.bus.plug("1-1", keyboardScanner()); // pulled out at once
        auto last = b.bus.plug("1-" + std::to_string(2 + gust), keyboardScanner());
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-" + std::to_string(2 + gust)));
    }
    for (int i = 0; i < 10; ++i) {
        auto scanner = b.bus.plug("1-1", keyboardScanner());
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
        scanner.send(0, keyReports("x" + std::to_string(i) + "\r"));
        BOOST_REQUIRE_EQUAL(b.sink.nextCode(), "x" + std::to_string(i));
        scanner.unplug();
        BOOST_REQUIRE(b.sink.waitGone("usb-1-1"));
    }
}

BOOST_AUTO_TEST_CASE(a_keyboard_for_people_stays_with_the_kernel_until_its_port_is_pinned) {
    for (const bool in_sysfs : {false, true}) {
        Bench b;
        EmulatedUsbSpec spec = peoplesKeyboard();
        for (EmulatedInterface& interface : spec.interfaces)
            interface.in_sysfs = in_sysfs;
        RunningDriver running(b.driver, b.sink);
        {
            auto keyboard = b.bus.plug("1-1", spec);
            BOOST_REQUIRE(b.sink.waitNote("usb-1-1", "looks like a keyboard for people"));
            BOOST_TEST(!b.sink.status("usb-1-1")->claimed);
            BOOST_TEST(keyboard.claimed().empty());
            BOOST_TEST(keyboard.kernelDriverBound(0));
            BOOST_TEST(keyboard.kernelDriverBound(1));
        }
        BOOST_REQUIRE(b.sink.waitGone("usb-1-1"));
        b.settings.pin("usb:1-1");
        auto keyboard = b.bus.plug("1-1", spec);
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
        keyboard.send(0, keyReports("pinned\r"));
        BOOST_TEST(b.sink.nextCode() == "pinned");
    }
}

BOOST_AUTO_TEST_CASE(a_plain_keyboard_on_which_a_person_types_is_given_back) {
    Bench b;
    auto keyboard = b.bus.plug("1-1", keyboardScanner("USB Keyboard"));
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    // Ten keys are enough, but on a busy machine some arrive together.
    for (int key = 0; key < 300 && !keyboard.kernelDriverBound(0); ++key) {
        keyboard.send(0, keyReports("k"));
        std::this_thread::sleep_for(std::chrono::milliseconds(120));
    }
    BOOST_REQUIRE(b.sink.waitNote("usb-1-1", "a person types on it"));
    BOOST_TEST(keyboard.kernelDriverBound(0));
    BOOST_TEST(keyboard.claimed().empty());
    BOOST_TEST(b.sink.scansWaiting() == 0U);
}

BOOST_AUTO_TEST_CASE(layouts_are_those_of_the_settings_and_the_test_code_finds_them) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReportsOn("de", "9743900000000134ayz-/;\"@#\\\r"));
    const auto found = b.sink.nextLayout();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->first == "usb-1-1");
    BOOST_TEST(found->second.value_or("none") == "de");
    b.settings.setLayout("usb-1-1", "de");
    scanner.send(0, keyReportsOn("de", "zz-Top/ÄÖÜß\r"));
    BOOST_TEST(b.sink.nextCode() == "zz-Top/ÄÖÜß");
    scanner.send(0, keyReportsOn("fr", "0075992731312\r"));
    BOOST_TEST(b.sink.nextCode() == "0075992731312");
    BOOST_TEST(b.sink.scansWaiting() == 0U);
}

BOOST_AUTO_TEST_CASE(what_was_typed_while_nobody_listened_is_no_scan) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    scanner.send(0, keyReports("stale\r"));
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("fresh\r"));
    BOOST_TEST(b.sink.nextCode() == "fresh");
}

BOOST_AUTO_TEST_CASE(a_stopped_driver_leaves_the_scanner_off_the_console_and_takes_it_again) {
    Bench b;
    auto scanner = b.bus.plug("1-1", keyboardScanner());
    {
        RunningDriver running(b.driver, b.sink);
        BOOST_REQUIRE(b.sink.waitClaimed("usb-1-1"));
        BOOST_TEST(running.stop() == "");
    }
    BOOST_TEST(!scanner.kernelDriverBound(0));
    RecordingSink second;
    RunningDriver running(b.driver, second);
    BOOST_REQUIRE(second.waitClaimed("usb-1-1"));
    scanner.send(0, keyReports("again\r"));
    BOOST_TEST(second.nextCode() == "again");
}
