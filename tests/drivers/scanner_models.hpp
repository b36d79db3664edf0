#pragma once

#include "tests/drivers/emulated_usb.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gatefold::test {

/// The report descriptor of a boot keyboard with LEDs (HID 1.11, appendix B.1), as most scanners
/// have it.
Bytes keyboardDescriptor();
/// Keyboard with a report id and no boot subclass, as 2.4 GHz receivers of scanners have it.
Bytes keyboardDescriptorWithReportId();
/// Consumer control with a report id: media keys of a keyboard for people.
Bytes mediaKeysDescriptor();
/// HID-POS: report 2 of 64 bytes: length, AIM id, 56 bytes of data, vendor code, reserved,
/// "continued".
Bytes hidPosDescriptor();
/// HID-POS without a length byte: report 2: AIM id, 60 bytes of data padded with NUL.
Bytes hidPosDescriptorWithoutLength();

/// hidPosDescriptor with Honeywell's feature report 254, which chooses how it sends.
Bytes honeywellDescriptor();

EmulatedUsbSpec keyboardScanner(std::string product = "Emulated keyboard scanner");
EmulatedUsbSpec hidPosScanner(std::string product = "Emulated HID-POS scanner");
/// A keyboard for people: boot keyboard and a second interface with media keys.
EmulatedUsbSpec peoplesKeyboard();

/// Key reports of `text` on the us layout, one press and one release each; '\r' is Enter, '\t' Tab.
/// The press of an end key ends the code. Characters that the layout does not have are left out.
std::vector<EmulatedReport> keyReports(std::string_view text);
/// The same on another layout of the driver's tables.
std::vector<EmulatedReport> keyReportsOn(std::string_view layout, std::string_view text);
/// Reports of a HID-POS scanner (hidPosDescriptor) for a code of any length.
std::vector<EmulatedReport> hidPosReports(std::string_view aim, std::string_view data);

} // namespace gatefold::test
