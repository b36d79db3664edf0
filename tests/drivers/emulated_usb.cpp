#include "tests/drivers/emulated_usb.hpp"

#include "tests/drivers/emulated_usbfs.hpp"

#include <umockdev.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace gatefold::test {

namespace {

constexpr std::string_view busSyspath = "/sys/devices/pci0000:00/0000:00:14.0/usb1";
constexpr int lastAddress = 127;

std::string hex(const Bytes& bytes) {
    std::string text;
    char two[3];
    for (const std::uint8_t byte : bytes) {
        std::snprintf(two, sizeof two, "%02X", byte);
        text += two;
    }
    return text;
}

} // namespace

Bytes deviceDescriptor(const EmulatedUsbSpec& spec) {
    const auto index = [](const std::string& text, int number) {
        return text.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(number);
    };
    return {18,
            1,
            0x10,
            0x01,
            0,
            0,
            0,
            64,
            low(spec.vendor),
            high(spec.vendor),
            low(spec.product_id),
            high(spec.product_id),
            0x00,
            0x01,
            index(spec.maker, 1),
            index(spec.product, 2),
            index(spec.serial, 3),
            1};
}

Bytes configDescriptor(const EmulatedUsbSpec& spec) {
    Bytes body;
    for (std::size_t i = 0; i < spec.interfaces.size(); ++i) {
        const EmulatedInterface& interface = spec.interfaces[i];
        const std::size_t length = interface.report_descriptor.size();
        const Bytes part{9,
                         4,
                         low(i),
                         0,
                         1,
                         interface.device_class,
                         interface.subclass,
                         interface.protocol,
                         0,
                         9,
                         0x21,
                         0x11,
                         0x01,
                         0,
                         1,
                         0x22,
                         low(length),
                         high(length),
                         7,
                         5,
                         low(0x81 + i),
                         3,
                         low(interface.packet_size),
                         high(interface.packet_size),
                         10};
        body.insert(body.end(), part.begin(), part.end());
    }
    Bytes all{
        9,    2, low(body.size() + 9), high(body.size() + 9), low(spec.interfaces.size()), 1, 0,
        0xA0, 50};
    // Byte by byte: g++ 12 takes the whole-range insert for one beyond the header's end.
    for (const unsigned char byte : body)
        all.push_back(byte);
    return all;
}

EmulatedUsbDevice::EmulatedUsbDevice(UMockdevTestbed* bed, std::shared_ptr<EmulatedUsbModel> model,
                                     std::string syspath)
    : bed_(bed), model_(std::move(model)), syspath_(std::move(syspath)) {}

EmulatedUsbDevice::~EmulatedUsbDevice() {
    unplug();
}

void EmulatedUsbDevice::unplug(bool announced) {
    if (!model_ || model_->gone_)
        return;
    model_->hangUp();
    if (announced)
        umockdev_testbed_uevent(bed_, syspath_.c_str(), "remove");
    umockdev_testbed_remove_device(bed_, syspath_.c_str());
    model_->removeNode();
}

void EmulatedUsbDevice::send(std::size_t interface_number, std::vector<EmulatedReport> reports) {
    model_->send(static_cast<std::uint8_t>(0x81 + interface_number), std::move(reports));
}

void EmulatedUsbDevice::onDelivered(std::function<void(std::int64_t)> callback) {
    const std::lock_guard lock(model_->mutex_);
    model_->on_delivered_ = std::move(callback);
}

void EmulatedUsbDevice::forgetClients() {
    const std::lock_guard lock(model_->mutex_);
    model_->forgetOthers(nullptr);
}

bool EmulatedUsbDevice::drained() const {
    return model_->drained();
}

std::set<int> EmulatedUsbDevice::claimed() const {
    const std::lock_guard lock(model_->mutex_);
    std::set<int> numbers;
    for (const auto& claim : model_->claimed_)
        numbers.insert(claim.first);
    return numbers;
}

bool EmulatedUsbDevice::waitClaimed(int interface_number, int timeout_ms) const {
    for (int waited = 0; claimed().count(interface_number) == 0; waited += 5) {
        if (waited >= timeout_ms)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

bool EmulatedUsbDevice::kernelDriverBound(int interface_number) const {
    const std::lock_guard lock(model_->mutex_);
    return model_->drivers_.count(interface_number) != 0;
}

std::size_t EmulatedUsbDevice::transfersWaiting() const {
    return model_->waiting();
}

std::vector<Bytes> EmulatedUsbDevice::controlRequests() const {
    const std::lock_guard lock(model_->mutex_);
    return model_->requests_;
}

void EmulatedUsbDevice::failReportDescriptors(bool fail) {
    const std::lock_guard lock(model_->mutex_);
    model_->fail_reports_ = fail;
}

void EmulatedUsbDevice::failClaims(int error) {
    const std::lock_guard lock(model_->mutex_);
    model_->claim_error_ = error;
}

bool EmulatedUsbBus::possible() {
    const char* preload = std::getenv("LD_PRELOAD");
    return preload != nullptr && std::strstr(preload, "umockdev") != nullptr;
}

std::string EmulatedUsbBus::root() {
    const char* folder = std::getenv("UMOCKDEV_DIR");
    return folder != nullptr ? folder : "";
}

EmulatedUsbBus::EmulatedUsbBus() : bed_(umockdev_testbed_new()) {
    // libusb looks for the parent of "1-1", so the bus needs its root hub.
    constexpr const char* hub = "P: /devices/pci0000:00/0000:00:14.0/usb1\nE: "
                                "DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DRIVER=usb\n"
                                "E: BUSNUM=001\nE: DEVNUM=001\nE: DEVNAME=/dev/bus/usb/001/001\nE: "
                                "MAJOR=189\nE: MINOR=0\nE: PRODUCT=1d6b/2/601\n"
                                "A: busnum=1\nA: devnum=1\nA: speed=480\nA: "
                                "bConfigurationValue=1\nA: idVendor=1d6b\nA: idProduct=0002\n"
                                "H: "
                                "descriptors="
                                "12010002090001406B1D020001060302010109021900010100E000090400000109"
                                "0000000705810304000C\n\n";
    GError* error = nullptr;
    check(umockdev_testbed_add_from_string(bed_, hub, &error), error, "root hub");
}

EmulatedUsbBus::~EmulatedUsbBus() {
    for (const auto& [address, model] : models_)
        model->detach(bed_);
    g_object_unref(bed_);
}

EmulatedUsbDevice EmulatedUsbBus::plug(const std::string& port, const EmulatedUsbSpec& spec) {
    const int address = next_address_;
    next_address_ = next_address_ == lastAddress ? 2 : next_address_ + 1;
    auto model = std::make_shared<EmulatedUsbModel>(spec, address);
    if (auto& former = models_[address]; former) // a whole round of addresses ago
        former->detach(bed_);
    models_[address] = model;
    const std::string syspath = std::string(busSyspath) + "/" + port;
    // Interfaces' folders are there before the device is announced, as with a real kernel.
    for (std::size_t i = 0; i < spec.interfaces.size(); ++i) {
        if (!spec.interfaces[i].in_sysfs)
            continue;
        const std::string interface = port + ":1." + std::to_string(i);
        const std::filesystem::path folder = root() + syspath + "/" + interface;
        std::filesystem::create_directories(folder / "0003:0000:0000.0001");
        const Bytes& bytes = spec.interfaces[i].report_descriptor;
        std::ofstream(folder / "0003:0000:0000.0001" / "report_descriptor", std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()),
                   static_cast<std::streamsize>(bytes.size()));
        const std::filesystem::path link = root() + "/sys/bus/usb/devices/" + interface;
        std::filesystem::create_directories(link.parent_path());
        std::filesystem::remove(link);
        std::filesystem::create_directory_symlink(folder, link);
    }
    Bytes descriptors = deviceDescriptor(spec);
    const Bytes config = configDescriptor(spec);
    descriptors.insert(descriptors.end(), config.begin(), config.end());
    char text[4096];
    // umockdev announces the device as soon as it is added, so the node and its handler come first;
    // and no "N:" line, which would put a plain file in the node's place.
    std::snprintf(text, sizeof text,
                  "P: %s\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: DRIVER=usb\nE: "
                  "BUSNUM=001\nE: DEVNUM=%03d\n"
                  "E: DEVNAME=%s\nE: MAJOR=189\nE: MINOR=%d\nE: PRODUCT=%x/%x/100\nA: busnum=1\nA: "
                  "devnum=%d\nA: speed=12\n"
                  "A: bConfigurationValue=1\nA: bNumConfigurations=1\nA: bNumInterfaces= %zu\nA: "
                  "idVendor=%04x\n"
                  "A: idProduct=%04x\nA: devpath=%s\nA: authorized=1\nH: descriptors=%s\n\n",
                  syspath.substr(4).c_str(), address, model->node_.c_str(), address - 1,
                  spec.vendor, spec.product_id, address, spec.interfaces.size(), spec.vendor,
                  spec.product_id, port.substr(port.find('-') + 1).c_str(),
                  hex(descriptors).c_str());
    model->attach(bed_);
    GError* error = nullptr;
    check(umockdev_testbed_add_from_string(bed_, text, &error), error, "plug");
    return EmulatedUsbDevice(bed_, std::move(model), syspath);
}

} // namespace gatefold::test
