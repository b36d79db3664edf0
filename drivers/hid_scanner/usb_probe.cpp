#include "drivers/hid_scanner/usb_probe.hpp"

#include "core/text.hpp"
#include "drivers/scanner_common/models.hpp"

#include <algorithm>
#include <array>

namespace gatefold::drivers {

namespace {

constexpr std::size_t maxProductCharacters = 120;
constexpr std::uint8_t hidDescriptorType = 0x21, bootSubclass = 1, keyboardProtocol = 1,
                       mouseProtocol = 2;

std::string noteOf(int error) {
    switch (error) {
    case LIBUSB_ERROR_ACCESS:
        return "no permission to open it; is Gatefold's udev rule installed? (60-gatefold.rules, "
               "group gatefold)";
    case LIBUSB_ERROR_BUSY:
        return "another program has claimed it; stop that program, Gatefold tries again by itself";
    default:
        return std::string("it does not answer (") + libusb_error_name(error) +
               "); Gatefold tries again by itself, if it stays so unplug it and plug it in again";
    }
}

/// wDescriptorLength of the report descriptor in the HID descriptor behind an interface
/// (HID 1.11, 6.2.1).
std::uint16_t reportDescriptorLength(const libusb_interface_descriptor& interface) {
    const std::span<const unsigned char> extra(interface.extra,
                                               static_cast<std::size_t>(interface.extra_length));
    for (std::size_t at = 0; at + 9 <= extra.size() && extra[at] > 0; at += extra[at])
        if (extra[at + 1] == hidDescriptorType)
            return static_cast<std::uint16_t>(extra[at + 7] | (extra[at + 8] << 8));
    return 0;
}

struct Endpoint {
    std::uint8_t address;
    std::size_t packet_size;
};

std::optional<Endpoint> interruptIn(const libusb_interface_descriptor& interface) {
    for (int i = 0; i < interface.bNumEndpoints; ++i) {
        const libusb_endpoint_descriptor& endpoint = interface.endpoint[i];
        const bool interrupt = (endpoint.bmAttributes & 3) == LIBUSB_TRANSFER_TYPE_INTERRUPT;
        const std::size_t size = endpoint.wMaxPacketSize & 0x7FF;
        if (interrupt && (endpoint.bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0 && size > 0)
            return Endpoint{endpoint.bEndpointAddress, size};
    }
    return std::nullopt;
}

class Prober {
public:
    Prober(libusb_device* device, bool pinned) : device_(device), port_(usbPortName(device)) {
        facts_.pinned = pinned;
    }

    Probe run() {
        if (!readDescriptors() || !hasHid())
            return std::move(result_);
        facts_.maker = sysfsText(port_, "manufacturer");
        facts_.product = sysfsText(port_, "product");
        readReportsFromSysfs();
        if (!mayType() || (complete() && decide() && recognition_.claims.empty()))
            return std::move(result_);
        if (!open())
            return std::move(result_);
        readTexts();
        if (readMissingReports() && decide() && !recognition_.claims.empty())
            claim();
        giveBackTheRest();
        return std::move(result_);
    }

private:
    bool readDescriptors() {
        libusb_device_descriptor descriptor{};
        if (libusb_get_device_descriptor(device_, &descriptor) != 0 ||
            descriptor.bDeviceClass == LIBUSB_CLASS_HUB)
            return false;
        libusb_config_descriptor* config = nullptr;
        if (libusb_get_active_config_descriptor(device_, &config) != 0) {
            result_.retry = true; // announced before the kernel has configured it
            return false;
        }
        config_.reset(config);
        facts_.vendor = descriptor.idVendor;
        facts_.product_id = descriptor.idProduct;
        maker_index_ = descriptor.iManufacturer;
        product_index_ = descriptor.iProduct;
        for (int i = 0; i < config_->bNumInterfaces; ++i) {
            if (config_->interface[i].num_altsetting < 1)
                continue;
            const auto& interface = config_->interface[i].altsetting[0];
            facts_.interfaces.push_back({interface.bInterfaceNumber, interface.bInterfaceClass,
                                         interface.bInterfaceSubClass, interface.bInterfaceProtocol,
                                         std::nullopt});
        }
        return true;
    }

    static bool isHid(const InterfaceFacts& facts) {
        return facts.device_class == LIBUSB_CLASS_HID;
    }

    bool hasHid() const {
        return std::any_of(facts_.interfaces.begin(), facts_.interfaces.end(), isHid);
    }

    /// False for mice and the like, which are never touched.
    bool mayType() const {
        return std::any_of(
            facts_.interfaces.begin(), facts_.interfaces.end(), [](const InterfaceFacts& facts) {
                const bool mouse =
                    facts.subclass == bootSubclass && facts.protocol == mouseProtocol;
                return isHid(facts) && !mouse &&
                       (!facts.report || facts.report->has(keyboardUsage) ||
                        facts.report->has(barCodeScannerUsage) || facts.report->top_level.empty() ||
                        (facts.report->top_level.front() >> 16) >= 0xFF00);
            });
    }

    void readReportsFromSysfs() {
        for (InterfaceFacts& facts : facts_.interfaces)
            if (isHid(facts))
                if (const auto bytes =
                        sysfsReportDescriptor(port_, config_->bConfigurationValue, facts.number))
                    facts.report = parseReportDescriptor(*bytes);
    }

    bool complete() const {
        return std::all_of(
            facts_.interfaces.begin(), facts_.interfaces.end(),
            [](const InterfaceFacts& facts) { return !isHid(facts) || facts.report; });
    }

    bool decide() {
        recognition_ = recognise(facts_);
        result_.relevant = recognition_.relevant;
        result_.on_trial = recognition_.on_trial;
        result_.note = recognition_.note;
        result_.product = productText();
        return true;
    }

    std::string productText() const {
        const std::string text = facts_.product.empty() ? facts_.maker : facts_.product;
        return shortened(printable(text, maxProductCharacters), maxProductCharacters);
    }

    bool open() {
        libusb_device_handle* handle = nullptr;
        const int error = libusb_open(device_, &handle);
        if (error == 0) {
            result_.handle.reset(handle);
            return true;
        }
        fail(error);
        // Without opening it only a boot keyboard or a known maker's device is sure to concern
        // anybody.
        const ModelQuirk* quirk = findQuirk(facts_.vendor, facts_.product_id);
        const bool types =
            std::any_of(facts_.interfaces.begin(), facts_.interfaces.end(), [](const auto& facts) {
                return isHid(facts) && facts.subclass == bootSubclass &&
                       facts.protocol == keyboardProtocol;
            });
        result_.relevant = result_.relevant || types || facts_.pinned || quirk != nullptr ||
                           namesScanner(facts_.product);
        result_.product = productText();
        return false;
    }

    void readTexts() {
        const auto read = [&](std::uint8_t index, std::string& text) {
            std::array<unsigned char, 256> bytes{};
            if (!text.empty() || index == 0)
                return;
            const int length = libusb_get_string_descriptor_ascii(
                result_.handle.get(), index, bytes.data(), static_cast<int>(bytes.size()));
            if (length > 0)
                text = trimmed(std::string_view(reinterpret_cast<const char*>(bytes.data()),
                                                static_cast<std::size_t>(length)));
        };
        read(maker_index_, facts_.maker);
        read(product_index_, facts_.product);
    }

    /// Report descriptors that the kernel's driver did not leave in sysfs have to be asked for,
    /// which needs a claim.
    bool readMissingReports() {
        for (InterfaceFacts& facts : facts_.interfaces) {
            if (!isHid(facts) || facts.report)
                continue;
            if (!claimOne(facts.number))
                return false;
            if (const auto bytes = readReportDescriptor(result_.handle.get(), facts.number,
                                                        descriptorLength(facts.number)))
                facts.report = parseReportDescriptor(*bytes);
            else
                result_.retry = true;
        }
        return true;
    }

    std::uint16_t descriptorLength(int number) const {
        const auto* interface = interfaceOf(number);
        return interface != nullptr ? reportDescriptorLength(*interface) : std::uint16_t{0};
    }

    const libusb_interface_descriptor* interfaceOf(int number) const {
        for (int i = 0; i < config_->bNumInterfaces; ++i)
            if (config_->interface[i].num_altsetting > 0 &&
                config_->interface[i].altsetting[0].bInterfaceNumber == number)
                return &config_->interface[i].altsetting[0];
        return nullptr;
    }

    bool claimOne(int number) {
        if (std::find(held_.begin(), held_.end(), number) != held_.end())
            return true;
        if (const int error = claimInterface(result_.handle.get(), number); error != 0) {
            decide();
            result_.relevant = true;
            fail(error);
            return false;
        }
        held_.push_back(number);
        return true;
    }

    void claim() {
        const ModelQuirk* quirk = findQuirk(facts_.vendor, facts_.product_id);
        result_.honeywell_ids = quirk != nullptr && quirk->honeywell_ids;
        for (const Claim& claim : recognition_.claims) {
            const auto* interface = interfaceOf(claim.interface_number);
            const auto endpoint = interface != nullptr ? interruptIn(*interface) : std::nullopt;
            if (!endpoint)
                continue;
            if (!claimOne(claim.interface_number)) {
                result_.interfaces.clear();
                return;
            }
            ClaimedInterface claimed{claim.interface_number,
                                     claim.protocol,
                                     interface->bInterfaceSubClass == bootSubclass,
                                     endpoint->address,
                                     endpoint->packet_size,
                                     {}};
            for (const InterfaceFacts& facts : facts_.interfaces)
                if (facts.number == claim.interface_number && facts.report)
                    claimed.descriptor = *facts.report;
            if (claim.protocol == Protocol::keyboard)
                setKeyboardReporting(result_.handle.get(), claimed.number, claimed.boot_subclass);
            else if (result_.honeywell_ids && claimed.descriptor.hasFeature(honeywellOutputReport))
                switchHoneywellToPos(result_.handle.get(), claimed.number);
            result_.interfaces.push_back(std::move(claimed));
        }
        if (result_.interfaces.empty())
            result_.note = "it has no endpoint that scans could come from";
    }

    /// What was claimed only to read its descriptor goes back to the kernel's driver.
    void giveBackTheRest() {
        for (const int number : held_) {
            const bool used = std::any_of(
                result_.interfaces.begin(), result_.interfaces.end(),
                [&](const ClaimedInterface& claimed) { return claimed.number == number; });
            if (!used)
                libusb_release_interface(result_.handle.get(), number);
        }
        if (result_.interfaces.empty())
            result_.handle.reset();
    }

    void fail(int error) {
        result_.gone = error == LIBUSB_ERROR_NO_DEVICE || error == LIBUSB_ERROR_NOT_FOUND;
        result_.retry = true;
        result_.note = noteOf(error);
    }

    libusb_device* device_;
    std::string port_;
    UsbConfig config_;
    DeviceFacts facts_;
    std::uint8_t maker_index_ = 0, product_index_ = 0;
    std::vector<int> held_;
    Recognition recognition_;
    Probe result_;
};

} // namespace

Probe probeUsbDevice(libusb_device* device, bool pinned) {
    return Prober(device, pinned).run();
}

} // namespace gatefold::drivers
