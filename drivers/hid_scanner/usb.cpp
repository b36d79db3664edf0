#include "drivers/hid_scanner/usb.hpp"

#include "core/text.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>

namespace gatefold::drivers {

namespace {

constexpr std::size_t maxReportDescriptor = 4096; // as the kernel's HID_MAX_DESCRIPTOR_SIZE
constexpr std::uint8_t reportDescriptorType = 0x22;
// Requests to a HID interface (HID 1.11, section 7.2).
constexpr std::uint8_t toInterface = 0x21, fromInterface = 0x81, setIdle = 0x0A, setProtocol = 0x0B,
                       setReport = 0x09, featureReport = 3;
constexpr std::uint16_t reportProtocol = 1;

std::filesystem::path sysfsDevice(const std::string& port) {
    return std::filesystem::path("/sys/bus/usb/devices") / port;
}

/// At most `bound` bytes of a file, nothing when it cannot be read or is empty.
std::optional<std::string> readSmallFile(const std::filesystem::path& path, std::size_t bound) {
    std::ifstream file(path, std::ios::binary);
    std::string text(bound, '\0');
    file.read(text.data(), static_cast<std::streamsize>(bound));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

} // namespace

std::string usbPortName(libusb_device* device) {
    std::array<std::uint8_t, 8> ports{};
    const int depth = libusb_get_port_numbers(device, ports.data(), static_cast<int>(ports.size()));
    std::string name;
    for (int i = 0; i < depth; ++i)
        name += (i == 0 ? std::to_string(libusb_get_bus_number(device)) + "-" : ".") +
                std::to_string(ports[static_cast<std::size_t>(i)]);
    return name;
}

std::string sysfsText(const std::string& port, const std::string& attribute) {
    return std::string(trimmed(readSmallFile(sysfsDevice(port) / attribute, 512).value_or("")));
}

std::optional<std::vector<std::uint8_t>>
sysfsReportDescriptor(const std::string& port, int configuration, int interface_number) {
    const auto folder = sysfsDevice(port + ":" + std::to_string(configuration) + "." +
                                    std::to_string(interface_number));
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (const auto bytes =
                readSmallFile(entry->path() / "report_descriptor", maxReportDescriptor))
            return std::vector<std::uint8_t>(bytes->begin(), bytes->end());
    return std::nullopt;
}

int claimInterface(libusb_device_handle* handle, int interface_number) {
    libusb_set_auto_detach_kernel_driver(handle, 1);
    const int result = libusb_claim_interface(handle, interface_number);
    if (result != LIBUSB_ERROR_OTHER && result != LIBUSB_ERROR_NOT_SUPPORTED)
        return result;
    // Replayed and virtual devices may not know the requests about kernel drivers.
    libusb_set_auto_detach_kernel_driver(handle, 0);
    return libusb_claim_interface(handle, interface_number);
}

std::optional<std::vector<std::uint8_t>>
readReportDescriptor(libusb_device_handle* handle, int interface_number, std::uint16_t length) {
    std::vector<std::uint8_t> bytes(
        std::min<std::size_t>(length == 0 ? maxReportDescriptor : length, maxReportDescriptor));
    const int read = libusb_control_transfer(
        handle, fromInterface, LIBUSB_REQUEST_GET_DESCRIPTOR, reportDescriptorType << 8,
        static_cast<std::uint16_t>(interface_number), bytes.data(),
        static_cast<std::uint16_t>(bytes.size()), controlTimeout_ms);
    if (read <= 0)
        return std::nullopt;
    bytes.resize(static_cast<std::size_t>(read));
    return bytes;
}

void setKeyboardReporting(libusb_device_handle* handle, int interface_number, bool boot_subclass) {
    const auto index = static_cast<std::uint16_t>(interface_number);
    libusb_control_transfer(handle, toInterface, setIdle, 0, index, nullptr, 0, controlTimeout_ms);
    if (boot_subclass)
        libusb_control_transfer(handle, toInterface, setProtocol, reportProtocol, index, nullptr, 0,
                                controlTimeout_ms);
}

void switchHoneywellToPos(libusb_device_handle* handle, int interface_number) {
    std::array<std::uint8_t, 2> report{honeywellOutputReport, 1};
    libusb_control_transfer(
        handle, toInterface, setReport,
        static_cast<std::uint16_t>((featureReport << 8) | honeywellOutputReport),
        static_cast<std::uint16_t>(interface_number), report.data(),
        static_cast<std::uint16_t>(report.size()), controlTimeout_ms);
}

InterruptPipe::InterruptPipe(libusb_device_handle* handle, std::uint8_t endpoint,
                             std::size_t buffer_size, OnReport on_report, OnTrouble on_trouble)
    : endpoint_(endpoint), on_report_(std::move(on_report)), on_trouble_(std::move(on_trouble)) {
    for (int i = 0; i < transfersInFlight; ++i) {
        auto slot = std::make_unique<Slot>();
        slot->pipe = this;
        slot->buffer.resize(buffer_size);
        slot->transfer = libusb_alloc_transfer(0);
        if (slot->transfer == nullptr)
            throw std::bad_alloc();
        libusb_fill_interrupt_transfer(slot->transfer, handle, endpoint, slot->buffer.data(),
                                       static_cast<int>(buffer_size), &InterruptPipe::onTransfer,
                                       slot.get(), 0);
        slots_.push_back(std::move(slot));
    }
}

InterruptPipe::~InterruptPipe() {
    for (const auto& slot : slots_)
        libusb_free_transfer(slot->transfer);
}

int InterruptPipe::start() {
    for (const auto& slot : slots_) {
        if (slot->in_flight)
            continue;
        if (const int error = libusb_submit_transfer(slot->transfer); error != 0)
            return error;
        slot->in_flight = true;
        ++in_flight_;
    }
    return 0;
}

void InterruptPipe::cancel() {
    stopping_ = true;
    for (const auto& slot : slots_)
        if (slot->in_flight)
            libusb_cancel_transfer(slot->transfer);
}

void InterruptPipe::onTransfer(libusb_transfer* transfer) {
    Slot& slot = *static_cast<Slot*>(transfer->user_data);
    slot.pipe->complete(slot);
}

bool InterruptPipe::submit(Slot& slot) {
    if (stopping_ || libusb_submit_transfer(slot.transfer) != 0)
        return false;
    slot.in_flight = true;
    ++in_flight_;
    return true;
}

void InterruptPipe::complete(Slot& slot) {
    slot.in_flight = false;
    --in_flight_;
    const libusb_transfer_status status = slot.transfer->status;
    switch (status) {
    case LIBUSB_TRANSFER_CANCELLED: return;
    case LIBUSB_TRANSFER_COMPLETED:
    case LIBUSB_TRANSFER_TIMED_OUT: {
        const auto length = static_cast<std::size_t>(std::max(slot.transfer->actual_length, 0));
        // The others serve the endpoint meanwhile: somebody waits for this code.
        if (length > 0 && !stopping_)
            on_report_({slot.buffer.data(), length});
        if (!submit(slot) && !stopping_)
            on_trouble_(LIBUSB_TRANSFER_ERROR);
        return;
    }
    case LIBUSB_TRANSFER_OVERFLOW:
        if (!stopping_)
            on_trouble_(status);
        if (!submit(slot) && !stopping_)
            on_trouble_(LIBUSB_TRANSFER_ERROR);
        return;
    default:
        if (!stopping_)
            on_trouble_(status);
    }
}

} // namespace gatefold::drivers
