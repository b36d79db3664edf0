#include "drivers/serial_scanner/serial_devices.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "drivers/scanner_common/models.hpp"

#include <libudev.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace gatefold::drivers {

namespace {

constexpr std::string_view byPathFolder = "/dev/serial/by-path/";
constexpr std::size_t maxTextCharacters = 120;

std::string property(udev_device* device, const char* name) {
    const char* value = udev_device_get_property_value(device, name);
    return value != nullptr ? value : "";
}

std::uint16_t hexNumber(const std::string& text) {
    std::uint16_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return value;
}

/// A text of the USB device: its own string descriptor, else the form udev keeps with underscores.
std::string textOfParent(udev_device* device, const char* attribute, const char* fallback) {
    udev_device* usb = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
    const char* value = usb != nullptr ? udev_device_get_sysattr_value(usb, attribute) : nullptr;
    std::string text = value != nullptr ? value : property(device, fallback);
    return shortened(printable(trimmed(text), maxTextCharacters), maxTextCharacters);
}

/// The port, when the tty sits on USB.
std::optional<SerialDevice> describe(udev_device* device) {
    const char* node = udev_device_get_devnode(device);
    const std::string vendor = property(device, "ID_VENDOR_ID");
    if (node == nullptr || vendor.empty())
        return std::nullopt;
    SerialDevice result;
    result.node = node;
    result.by_path = node;
    result.vendor = hexNumber(vendor);
    result.product_id = hexNumber(property(device, "ID_MODEL_ID"));
    result.maker = textOfParent(device, "manufacturer", "ID_VENDOR");
    result.product = textOfParent(device, "product", "ID_MODEL");
    std::istringstream links(property(device, "DEVLINKS"));
    for (std::string link; links >> link;) {
        // udev makes two by-path links for USB; the one without "usbv2" is the older and stays.
        const bool better = result.by_path == node || link.find("-usbv") == std::string::npos;
        if (link.starts_with(byPathFolder) && better)
            result.by_path = link;
        result.links.push_back(std::move(link));
    }
    return result;
}

using UdevDevice = std::unique_ptr<udev_device, udev_device* (*)(udev_device*)>;

} // namespace

SerialVerdict judge(const SerialDevice& device, bool pinned) {
    const ModelQuirk* quirk = findQuirk(device.vendor, device.product_id);
    const bool known = quirk != nullptr && quirk->kind == ModelQuirk::Kind::scannerMaker;
    if (pinned || known || namesScanner(device.product) || namesScanner(device.maker))
        return {true, ""};
    return {false, "a serial port that does not say it is a scanner; if it is one, add a "
                   "[[device]] with match = \"tty:" +
                       device.by_path + "\" to gatefold.toml"};
}

std::string serialIdOf(const std::string& path) {
    std::string name = path.starts_with(byPathFolder) ? path.substr(byPathFolder.size()) : path;
    if (name.starts_with("/"))
        name.erase(0, 1);
    std::replace(name.begin(), name.end(), '/', '-');
    return "tty-" + name;
}

SerialWatcher::SerialWatcher()
    : udev_(udev_new(), [](udev* u) { udev_unref(u); }),
      monitor_(nullptr, [](udev_monitor* m) { udev_monitor_unref(m); }) {
    if (!udev_)
        throw Error(ErrorCode::unavailable,
                    "serial ports cannot be watched: udev cannot be reached");
    monitor_.reset(udev_monitor_new_from_netlink(udev_.get(), "udev"));
    if (!monitor_ ||
        udev_monitor_filter_add_match_subsystem_devtype(monitor_.get(), "tty", nullptr) < 0 ||
        udev_monitor_enable_receiving(monitor_.get()) < 0)
        throw Error(ErrorCode::unavailable,
                    "serial ports cannot be watched: udev's events cannot be received");
}

SerialWatcher::~SerialWatcher() = default;

int SerialWatcher::fd() const {
    return udev_monitor_get_fd(monitor_.get());
}

std::vector<SerialDevice> SerialWatcher::present() const {
    std::vector<SerialDevice> devices;
    const std::unique_ptr<udev_enumerate, udev_enumerate* (*)(udev_enumerate*)> list(
        udev_enumerate_new(udev_.get()), udev_enumerate_unref);
    if (!list || udev_enumerate_add_match_subsystem(list.get(), "tty") < 0 ||
        udev_enumerate_scan_devices(list.get()) < 0)
        return devices;
    udev_list_entry* entry = nullptr;
    udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(list.get())) {
        const UdevDevice device(
            udev_device_new_from_syspath(udev_.get(), udev_list_entry_get_name(entry)),
            udev_device_unref);
        if (auto found = device ? describe(device.get()) : std::nullopt)
            devices.push_back(std::move(*found));
    }
    return devices;
}

std::optional<SerialWatcher::Change> SerialWatcher::next() {
    while (
        const UdevDevice device{udev_monitor_receive_device(monitor_.get()), udev_device_unref}) {
        const std::string action = property(device.get(), "ACTION");
        auto found = describe(device.get());
        if (found && (action == "add" || action == "remove"))
            return Change{action == "add", std::move(*found)};
    }
    return std::nullopt;
}

} // namespace gatefold::drivers
