#include "tests/drivers/emulated_tty.hpp"
#include "tests/support/skipped.hpp"

#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace gatefold::test {

namespace {

constexpr std::string_view hostSyspath = "/devices/pci0000:00/0000:00:14.0/usb1/";

} // namespace

PseudoLine::PseudoLine() {
    int slave = -1;
    std::array<char, 64> name{};
    termios raw{};
    cfmakeraw(&raw);
    if (openpty(&master_, &slave, name.data(), &raw, nullptr) != 0)
        throw Skipped(std::string("no pseudo terminals here: openpty: ") + std::strerror(errno));
    close(slave);
    fcntl(master_, F_SETFD, FD_CLOEXEC);
    path_ = name.data();
}

PseudoLine::~PseudoLine() {
    hangUp();
}

PseudoLine::PseudoLine(PseudoLine&& other) noexcept
    : master_(std::exchange(other.master_, -1)), path_(std::move(other.path_)) {}

void PseudoLine::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = write(master_, bytes.data(), bytes.size());
        if (sent <= 0)
            throw std::runtime_error("write to a pseudo terminal failed");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void PseudoLine::hangUp() {
    if (master_ >= 0)
        close(master_);
    master_ = -1;
}

std::string PseudoLine::id() const {
    std::string id = "tty" + path_;
    std::replace(id.begin(), id.end(), '/', '-');
    return id;
}

unsigned PseudoLine::speed() const {
    termios mode{};
    if (tcgetattr(master_, &mode) != 0)
        throw std::runtime_error("tcgetattr failed");
    return cfgetospeed(&mode);
}

EmulatedTty::EmulatedTty(const EmulatedUsbBus& bus, const std::string& name,
                         const std::string& port, const EmulatedTtySpec& spec)
    : bed_(bus.bed()), node_("/dev/" + name), port_(port) {
    const std::filesystem::path place = EmulatedUsbBus::root() + node_;
    std::filesystem::create_directories(place.parent_path());
    std::filesystem::remove(place);
    std::filesystem::create_symlink(line_.path(), place);
    syspath_ = "/sys" + std::string(hostSyspath) + port + "/" + port + ":1.0/tty/" + name;
    const std::string text =
        "P: " + std::string(hostSyspath) + port + "/" + port + ":1.0/tty/" + name +
        "\nE: DEVNAME=" + node_ +
        "\nE: SUBSYSTEM=tty\nE: MAJOR=166\nE: MINOR=0\nE: ID_BUS=usb\nE: ID_VENDOR_ID=" +
        spec.vendor + "\nE: ID_MODEL_ID=" + spec.product_id + "\nE: ID_MODEL=" + spec.product +
        "\nE: DEVLINKS=" + byPath() + " /dev/serial/by-id/usb-" + spec.product + "-if00\n\n";
    GError* error = nullptr;
    if (!umockdev_testbed_add_from_string(bed_, text.c_str(), &error))
        throw std::runtime_error(std::string("plug: ") + error->message);
}

EmulatedTty::~EmulatedTty() {
    unplug();
}

std::string EmulatedTty::byPath() const {
    return "/dev/serial/by-path/pci-0000:00:14.0-usb-0:" + port_.substr(2) + ":1.0";
}

std::string EmulatedTty::id() const {
    return "tty-pci-0000:00:14.0-usb-0:" + port_.substr(2) + ":1.0";
}

void EmulatedTty::unplug(bool announced) {
    if (!std::exchange(plugged_, false))
        return;
    // The name first: once the line has hung up, its number belongs to the next program that makes
    // a pseudo terminal, and the driver would read that one.
    std::filesystem::remove(EmulatedUsbBus::root() + node_);
    line_.hangUp();
    if (announced)
        umockdev_testbed_uevent(bed_, syspath_.c_str(), "remove");
    umockdev_testbed_remove_device(bed_, syspath_.c_str());
}

} // namespace gatefold::test
