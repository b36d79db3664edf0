#include "drivers/hid_scanner/recognition.hpp"
#include "drivers/registry.hpp"
#include "drivers/scanner_common/models.hpp"
#include "drivers/serial_scanner/serial_devices.hpp"
#include "tests/drivers/scanner_models.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold::drivers;
using namespace gatefold::test;

namespace {

/// The facts that a probe would gather of an emulated device.
DeviceFacts factsOf(const EmulatedUsbSpec& spec) {
    DeviceFacts facts;
    facts.vendor = spec.vendor;
    facts.product_id = spec.product_id;
    facts.maker = spec.maker;
    facts.product = spec.product;
    for (std::size_t i = 0; i < spec.interfaces.size(); ++i)
        facts.interfaces.push_back({static_cast<int>(i), spec.interfaces[i].device_class,
                                    spec.interfaces[i].subclass, spec.interfaces[i].protocol,
                                    parseReportDescriptor(spec.interfaces[i].report_descriptor)});
    return facts;
}

bool mentions(const Recognition& recognition, const std::string& words) {
    return recognition.note.find(words) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(recognising)

BOOST_AUTO_TEST_CASE(an_unknown_makers_scanner_is_found_by_what_its_descriptors_say) {
    const auto keyboard = recognise(factsOf(keyboardScanner("HID Device")));
    BOOST_REQUIRE(keyboard.claims.size() == 1U);
    BOOST_TEST((keyboard.claims[0].protocol == Protocol::keyboard));
    BOOST_TEST(keyboard.on_trial);
    const auto pos = recognise(factsOf(hidPosScanner("HID Device")));
    BOOST_REQUIRE(pos.claims.size() == 1U);
    BOOST_TEST((pos.claims[0].protocol == Protocol::hidPos));
    BOOST_TEST(!pos.on_trial);
}

BOOST_AUTO_TEST_CASE(a_device_that_says_scanner_is_on_no_trial) {
    for (const char* product :
         {"2D Barcode Scanner", "USB BAR CODE reader", "Imager", "Voyager_Scanner"})
        BOOST_TEST(!recognise(factsOf(keyboardScanner(product))).on_trial, product);
}

BOOST_AUTO_TEST_CASE(keyboards_for_people_are_left_alone_and_the_note_says_how_to_pin) {
    const auto media = recognise(factsOf(peoplesKeyboard()));
    BOOST_TEST(media.relevant);
    BOOST_TEST(media.claims.empty());
    BOOST_TEST(mentions(media, "[[device]]"));
    EmulatedUsbSpec logitech = keyboardScanner("USB Keyboard");
    logitech.vendor = 0x046d;
    const auto maker = recognise(factsOf(logitech));
    BOOST_TEST(maker.claims.empty());
    BOOST_TEST(mentions(maker, "keyboard of Logitech"));
    EmulatedUsbSpec audio = keyboardScanner("Headset");
    audio.interfaces.push_back({1, 1, 0, {}, 64, "", false});
    BOOST_TEST(recognise(factsOf(audio)).claims.empty());
}

BOOST_AUTO_TEST_CASE(a_pin_or_a_scanners_maker_settles_the_doubt) {
    DeviceFacts pinned = factsOf(peoplesKeyboard());
    pinned.pinned = true;
    BOOST_TEST(recognise(pinned).claims.size() == 1U); // the media keys stay with the kernel
    EmulatedUsbSpec honeywell = peoplesKeyboard();
    honeywell.vendor = 0x0c2e;
    BOOST_TEST(recognise(factsOf(honeywell)).claims.size() == 1U);
}

BOOST_AUTO_TEST_CASE(both_interfaces_of_a_scanner_with_two_modes_are_read) {
    EmulatedUsbSpec both = hidPosScanner();
    both.interfaces.push_back(keyboardScanner().interfaces[0]);
    BOOST_TEST(recognise(factsOf(both)).claims.size() == 2U);
}

BOOST_AUTO_TEST_CASE(mice_and_other_devices_are_not_shown) {
    EmulatedUsbSpec mouse;
    EmulatedInterface interface;
    interface.subclass = 1;
    interface.protocol = 2;
    interface.report_descriptor = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0xC0};
    mouse.interfaces = {interface};
    BOOST_TEST(!recognise(factsOf(mouse)).relevant);
}

BOOST_AUTO_TEST_CASE(vendor_protocols_are_told_what_to_switch_to) {
    EmulatedUsbSpec snapi = hidPosScanner();
    snapi.vendor = 0x05e0;
    snapi.product_id = 0x1900;
    const auto recognition = recognise(factsOf(snapi));
    BOOST_TEST(recognition.claims.empty());
    BOOST_TEST(mentions(recognition, "SNAPI"));
    BOOST_TEST(mentions(recognition, "HID-POS"));
    EmulatedUsbSpec oem = hidPosScanner("Scanner");
    oem.interfaces[0].report_descriptor = {0x06, 0x45, 0xFF, 0x09, 0x4A, 0xA1, 0x01, 0xC0};
    BOOST_TEST(mentions(recognise(factsOf(oem)), "protocol of its maker"));
}

BOOST_AUTO_TEST_CASE(simple_com_port_emulation_is_read_by_its_quirk) {
    EmulatedUsbSpec zebra = hidPosScanner();
    zebra.vendor = 0x05e0;
    zebra.product_id = 0x0600;
    const auto recognition = recognise(factsOf(zebra));
    BOOST_REQUIRE(recognition.claims.size() == 1U);
    BOOST_TEST((recognition.claims[0].protocol == Protocol::lengthPrefixed));
}

BOOST_AUTO_TEST_CASE(an_unreadable_descriptor_is_told) {
    DeviceFacts facts = factsOf(keyboardScanner());
    facts.interfaces[0].report.reset();
    const auto recognition = recognise(facts);
    BOOST_TEST(recognition.claims.empty());
    BOOST_TEST(mentions(recognition, "report descriptor cannot be read"));
}

BOOST_AUTO_TEST_CASE(serial_ports_are_judged_by_name_maker_or_pin) {
    SerialDevice arduino{
        "/dev/ttyACM0", "/dev/serial/by-path/x", "Arduino", "Uno", 0x2341, 0x0043, {}};
    BOOST_TEST(!judge(arduino, false).open);
    BOOST_TEST(judge(arduino, false).note.find("tty:/dev/serial/by-path/x") != std::string::npos);
    BOOST_TEST(judge(arduino, true).open);
    SerialDevice cino{"/dev/ttyACM0", "/dev/serial/by-path/x", "", "CDC", 0x1fbb, 0x3850, {}};
    BOOST_TEST(judge(cino, false).open);
    SerialDevice named{
        "/dev/ttyUSB0", "/dev/serial/by-path/x", "", "USB_Barcode_Reader", 0x1a86, 0x7523, {}};
    BOOST_TEST(judge(named, false).open);
    BOOST_TEST(serialIdOf("/dev/serial/by-path/pci-0000:00:14.0-usb-0:4:1.0") ==
               "tty-pci-0000:00:14.0-usb-0:4:1.0");
    BOOST_TEST(serialIdOf("/dev/pts/3") == "tty-dev-pts-3");
}

BOOST_AUTO_TEST_CASE(a_row_for_a_model_comes_before_its_makers) {
    BOOST_TEST((findQuirk(0x05e0, 0x1900)->kind == ModelQuirk::Kind::foreignProtocol));
    BOOST_TEST((findQuirk(0x05e0, 0x1200)->kind == ModelQuirk::Kind::scannerMaker));
    BOOST_TEST((findQuirk(0xFFFF, 0x0035) == nullptr));
}

BOOST_AUTO_TEST_CASE(the_registry_names_each_driver_once) {
    std::vector<std::string> names;
    for (const auto& row : registry())
        names.emplace_back(row.name);
    BOOST_TEST((std::find(names.begin(), names.end(), "hid_scanner") != names.end()));
    BOOST_TEST((std::find(names.begin(), names.end(), "serial_scanner") != names.end()));
    std::sort(names.begin(), names.end());
    BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_AUTO_TEST_SUITE_END()
