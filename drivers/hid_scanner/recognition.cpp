#include "drivers/hid_scanner/recognition.hpp"

#include "drivers/hid_scanner/hid_pos_report.hpp"
#include "drivers/hid_scanner/keyboard_report.hpp"
#include "drivers/scanner_common/models.hpp"

#include <algorithm>

namespace gatefold::drivers {

namespace {

constexpr std::uint8_t hidClass = 3, vendorClass = 0xFF, bootSubclass = 1, keyboardProtocol = 1;

bool isHid(const InterfaceFacts& interface) {
    return interface.device_class == hidClass;
}

bool isBootKeyboard(const InterfaceFacts& interface) {
    return isHid(interface) && interface.subclass == bootSubclass &&
           interface.protocol == keyboardProtocol;
}

bool typesKeys(const InterfaceFacts& interface) {
    return interface.report && !keyboardFormats(*interface.report).empty();
}

bool sendsScans(const InterfaceFacts& interface) {
    return interface.report && !hidPosFormats(*interface.report).empty();
}

/// Collections of a scanner: keys, scans, and whatever its vendor keeps on its own pages.
bool fitsScanner(Usage application) {
    return application == keyboardUsage || application == barCodeScannerUsage ||
           (application >> 16) >= 0xFF00;
}

/// True when nothing but typing can be seen: no pointer, no media or power keys, no sound, no
/// storage.
bool onlyTypes(const DeviceFacts& device) {
    return std::all_of(device.interfaces.begin(), device.interfaces.end(),
                       [](const InterfaceFacts& interface) {
                           if (interface.device_class == vendorClass)
                               return true;
                           return isHid(interface) && interface.report &&
                                  std::all_of(interface.report->top_level.begin(),
                                              interface.report->top_level.end(), fitsScanner);
                       });
}

std::vector<Claim> readableInterfaces(const DeviceFacts& device) {
    std::vector<Claim> claims;
    for (const InterfaceFacts& interface : device.interfaces)
        if (sendsScans(interface))
            claims.push_back({interface.number, Protocol::hidPos});
        else if (typesKeys(interface))
            claims.push_back({interface.number, Protocol::keyboard});
    return claims;
}

Recognition handsOff(std::string note) {
    Recognition result;
    result.relevant = true;
    result.note = std::move(note);
    return result;
}

Recognition lengthPrefixed(const DeviceFacts& device) {
    Recognition result;
    result.relevant = true;
    for (const InterfaceFacts& interface : device.interfaces)
        if (isHid(interface)) {
            result.claims.push_back({interface.number, Protocol::lengthPrefixed});
            break;
        }
    return result;
}

/// A device without a single interface that can be read.
Recognition unreadable(const DeviceFacts& device, bool isScanner) {
    const bool unread = std::any_of(device.interfaces.begin(), device.interfaces.end(),
                                    [](const InterfaceFacts& i) { return isHid(i) && !i.report; });
    const bool types =
        std::any_of(device.interfaces.begin(), device.interfaces.end(), isBootKeyboard);
    if (unread && (types || isScanner))
        return handsOff("its report descriptor cannot be read; unplug it and plug it in again");
    const bool hasHid = std::any_of(device.interfaces.begin(), device.interfaces.end(), isHid);
    if (isScanner && hasHid)
        return handsOff("it speaks a protocol of its maker; switch it to HID-POS, USB keyboard or "
                        "USB COM mode");
    return {};
}

} // namespace

Recognition recognise(const DeviceFacts& device) {
    const ModelQuirk* quirk = findQuirk(device.vendor, device.product_id);
    const auto is = [&](ModelQuirk::Kind kind) { return quirk != nullptr && quirk->kind == kind; };
    if (is(ModelQuirk::Kind::foreignProtocol))
        return handsOff(std::string(quirk->advice));
    if (is(ModelQuirk::Kind::lengthPrefixed))
        return lengthPrefixed(device);

    const bool named = namesScanner(device.product) || namesScanner(device.maker);
    const bool isScanner = device.pinned || named || is(ModelQuirk::Kind::scannerMaker);
    Recognition result;
    result.claims = readableInterfaces(device);
    if (result.claims.empty())
        return unreadable(device, isScanner);
    result.relevant = true;
    const bool scans =
        std::any_of(result.claims.begin(), result.claims.end(),
                    [](const Claim& claim) { return claim.protocol == Protocol::hidPos; });
    if (isScanner || scans)
        return result;
    if (is(ModelQuirk::Kind::keyboardMaker))
        return handsOff("it looks like a keyboard of " + std::string(quirk->maker) +
                        "; if it is a scanner, name its port in a [[device]] of gatefold.toml");
    if (!onlyTypes(device))
        return handsOff("it looks like a keyboard for people: it also has a pointer, media or "
                        "power keys; if it is a "
                        "scanner, name its port in a [[device]] of gatefold.toml");
    result.on_trial = true;
    return result;
}

} // namespace gatefold::drivers
