#pragma once

#include "tests/drivers/emulated_usb.hpp"

#include <string>
#include <string_view>

namespace gatefold::test {

/// The far end of a pseudo terminal that plays a serial scanner.
class PseudoLine {
public:
    PseudoLine();
    ~PseudoLine();
    PseudoLine(PseudoLine&& other) noexcept;
    PseudoLine& operator=(PseudoLine&&) = delete;
    /// What a program opens: "/dev/pts/N".
    const std::string& path() const { return path_; }
    /// The driver's id of it when it is pinned: "tty-dev-pts-N".
    std::string id() const;
    void send(std::string_view bytes) const;
    void hangUp();
    /// The speed that the program has set: a constant of termios (B9600).
    unsigned speed() const;

private:
    int master_ = -1;
    std::string path_;
};

struct EmulatedTtySpec {
    std::string vendor = "1209", product_id = "0001"; ///< hexadecimal, as udev gives them
    std::string product = "Emulated_serial_scanner";
};

/// A USB serial port in udev's database and under /dev of an EmulatedUsbBus' test bed.
class EmulatedTty {
public:
    /// Appears as /dev/`name` ("ttyACM0") on USB port `port` ("1-4").
    EmulatedTty(const EmulatedUsbBus& bus, const std::string& name, const std::string& port,
                const EmulatedTtySpec& spec = {});
    ~EmulatedTty();
    EmulatedTty(const EmulatedTty&) = delete;
    EmulatedTty& operator=(const EmulatedTty&) = delete;

    void send(std::string_view bytes) const { line_.send(bytes); }
    /// Without `announced` udev's event is lost.
    void unplug(bool announced = true);
    /// "tty-" and the name of its by-path link.
    std::string id() const;
    /// "/dev/serial/by-path/..."
    std::string byPath() const;

private:
    UMockdevTestbed* bed_;
    PseudoLine line_;
    std::string node_, port_, syspath_;
    bool plugged_ = true;
};

} // namespace gatefold::test
