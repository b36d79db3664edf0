/// The serial driver with real ttys and the real libudev: needs `umockdev-wrapper`.
#include "drivers/serial_scanner/serial_scanner.hpp"
#include "tests/drivers/driver_bench.hpp"
#include "tests/drivers/emulated_tty.hpp"

#include <boost/test/unit_test.hpp>

#include <termios.h>

using namespace gatefold;
using namespace gatefold::test;

namespace {

struct Bench {
    EmulatedUsbBus bus;
    TestSettings settings;
    RecordingSink sink;
    drivers::SerialScanner driver{settings};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_serial_scanner_present_at_start_is_read) {
    Bench b;
    EmulatedTty scanner(b.bus, "ttyACM0", "1-4");
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed(scanner.id()));
    const auto status = b.sink.status("tty-pci-0000:00:14.0-usb-0:4:1.0");
    BOOST_REQUIRE(status.has_value());
    BOOST_TEST(status->driver == "serial_scanner");
    BOOST_TEST(status->kind == "scanner");
    BOOST_TEST(status->port == "tty:/dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0");
    scanner.send("0075992731312\r\n");
    const auto scan = b.sink.nextScan();
    BOOST_REQUIRE(scan.has_value());
    BOOST_TEST(scan->device_id == "tty-pci-0000:00:14.0-usb-0:4:1.0");
    BOOST_TEST(scan->bytes == "0075992731312");
}

BOOST_AUTO_TEST_CASE(every_end_of_a_code_is_known) {
    Bench b;
    EmulatedTty scanner(b.bus, "ttyACM0", "1-4");
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed(scanner.id()));
    scanner.send("silence");
    BOOST_TEST(b.sink.nextCode() == "silence");
    scanner.send("cr\rlf\ncrlf\r\ntab\t");
    for (const std::string expected : {"cr", "lf", "crlf", "tab"})
        BOOST_TEST(b.sink.nextCode() == expected);
    scanner.send("]E00075992731312\r");
    const auto scan = b.sink.nextScan();
    BOOST_REQUIRE(scan.has_value());
    BOOST_TEST(scan->bytes == "0075992731312");
    BOOST_TEST((scan->symbology == Symbology::ean13));
    scanner.send("GS1\x1d\xff\r");
    BOOST_TEST(b.sink.nextCode() == "GS1\x1d\xff");
}

BOOST_AUTO_TEST_CASE(half_a_code_is_dropped_at_an_unplug_with_and_without_udev_event) {
    for (const bool announced : {true, false}) {
        Bench b;
        RunningDriver running(b.driver, b.sink);
        {
            EmulatedTty scanner(b.bus, "ttyACM0", "1-4");
            BOOST_REQUIRE(b.sink.waitClaimed(scanner.id()));
            scanner.send("first\r");
            BOOST_REQUIRE_EQUAL(b.sink.nextCode(), "first");
            scanner.send("00759927");
            scanner.unplug(announced);
            BOOST_REQUIRE(b.sink.waitGone(scanner.id()));
        }
        EmulatedTty again(b.bus, "ttyACM1", "1-4"); // the number changes, the port does not
        BOOST_REQUIRE(b.sink.waitClaimed(again.id()));
        again.send("31312\r");
        BOOST_TEST(b.sink.nextCode() == "31312");
        BOOST_TEST(b.sink.scansWaiting() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_does_not_say_scanner_is_left_alone_until_it_is_pinned) {
    for (const std::string pin : {"/dev/serial/by-path/pci-0000:00:14.0-usb-0:5:1.0",
                                  "/dev/ttyUSB0", "/dev/serial/by-id/usb-USB_Serial-if00"}) {
        Bench b;
        EmulatedTty port(b.bus, "ttyUSB0", "1-5", {"1a86", "7523", "USB_Serial"});
        {
            RunningDriver running(b.driver, b.sink);
            BOOST_REQUIRE(b.sink.waitNote(port.id(), "does not say it is a scanner"));
            BOOST_TEST(!b.sink.status(port.id())->claimed);
            BOOST_TEST(b.sink.status(port.id())->note.find("tty:" + port.byPath()) !=
                       std::string::npos);
        }
        b.settings.pin("tty:" + pin);
        RunningDriver running(b.driver, b.sink);
        BOOST_REQUIRE(b.sink.waitClaimed(port.id()));
        port.send("pinned\r");
        BOOST_TEST(b.sink.nextCode() == "pinned");
    }
}

BOOST_AUTO_TEST_CASE(a_known_makers_serial_port_needs_no_pin) {
    Bench b;
    EmulatedTty scanner(b.bus, "ttyACM0", "1-4", {"0c2e", "0b6a", "Vuquest_3310g"});
    RunningDriver running(b.driver, b.sink);
    BOOST_TEST(b.sink.waitClaimed(scanner.id()));
}

BOOST_AUTO_TEST_CASE(any_pinned_tty_is_read_and_waited_for) {
    Bench b;
    PseudoLine line;
    b.settings.pin("tty:" + line.path());
    b.settings.pin("tty:/dev/no-such-tty");
    RunningDriver running(b.driver, b.sink);
    const std::string id = line.id();
    BOOST_REQUIRE(b.sink.waitClaimed(id));
    BOOST_REQUIRE(b.sink.waitNote("tty-dev-no-such-tty", "not plugged in"));
    line.send("from a pty\n");
    BOOST_TEST(b.sink.nextCode() == "from a pty");
    line.hangUp();
    BOOST_TEST(b.sink.waitGone(id));
}

BOOST_AUTO_TEST_CASE(a_line_is_opened_at_the_speed_of_its_pin_and_else_at_9600) {
    Bench b;
    PseudoLine usual;
    PseudoLine fast;
    b.settings.pin("tty:" + usual.path());
    b.settings.pin("tty:" + fast.path(), 115200);
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed(usual.id()));
    BOOST_REQUIRE(b.sink.waitClaimed(fast.id()));
    BOOST_TEST(usual.speed() == static_cast<unsigned>(B9600));
    BOOST_TEST(fast.speed() == static_cast<unsigned>(B115200));
}

BOOST_AUTO_TEST_CASE(a_speed_that_no_scanner_has_says_so) {
    Bench b;
    PseudoLine line;
    b.settings.pin("tty:" + line.path(), 9601);
    RunningDriver running(b.driver, b.sink);
    BOOST_TEST(b.sink.waitNote(line.id(), "no scanner sends 9601 baud"));
}

BOOST_AUTO_TEST_CASE(a_pinned_path_that_is_no_serial_port_says_so) {
    Bench b;
    b.settings.pin("tty:/proc/self/status");
    RunningDriver running(b.driver, b.sink);
    BOOST_TEST(b.sink.waitStatus("tty-proc-self-status", [](const DeviceStatus& s) {
        return !s.claimed && !s.note.empty();
    }));
}

BOOST_AUTO_TEST_CASE(a_babbling_line_gives_one_overlong_code_and_leaves_the_others_alone) {
    Bench b;
    EmulatedTty babbler(b.bus, "ttyACM0", "1-4");
    EmulatedTty good(b.bus, "ttyACM1", "1-5");
    RunningDriver running(b.driver, b.sink);
    BOOST_REQUIRE(b.sink.waitClaimed(babbler.id()));
    BOOST_REQUIRE(b.sink.waitClaimed(good.id()));
    babbler.send(std::string(9000, 'x') + "\r");
    const auto cut = b.sink.nextScan();
    BOOST_REQUIRE(cut.has_value());
    BOOST_TEST(cut->bytes == std::string(4096, 'x'));
    good.send("good\r");
    BOOST_TEST(b.sink.nextCode() == "good");
    babbler.send("short\r");
    BOOST_TEST(b.sink.nextCode() == "short");
}

BOOST_AUTO_TEST_CASE(a_storm_of_plugs_ends_with_a_working_scanner) {
    Bench b;
    RunningDriver running(b.driver, b.sink);
    // In gusts, for the emulated bus keeps no more than ten events that nobody has fetched: each
    // gust has passed when the port plugged in behind it is claimed.
    for (int gust = 0; gust < 10; ++gust) {
        for (int i = 0; i < 2; ++i)
            EmulatedTty scanner(b.bus, "ttyACM0", "1-4");
        EmulatedTty last(b.bus, "ttyACM1", "1-" + std::to_string(10 + gust));
        BOOST_REQUIRE(b.sink.waitClaimed(last.id()));
    }
    EmulatedTty scanner(b.bus, "ttyACM0", "1-4");
    BOOST_REQUIRE(b.sink.waitStatus(scanner.id(), [](const DeviceStatus& s) { return s.claimed; }));
    scanner.send("after the storm\r");
    BOOST_TEST(b.sink.nextCode() == "after the storm");
}
