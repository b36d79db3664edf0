#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct udev;
struct udev_device;
struct udev_monitor;

namespace gatefold::drivers {

/// A serial port on USB as udev describes it.
struct SerialDevice {
    std::string node;    ///< "/dev/ttyACM0"; the number changes from plug to plug
    std::string by_path; ///< "/dev/serial/by-path/..."; stays with the port; the node itself where
                         ///< udev has no such link
    std::string maker, product;
    std::uint16_t vendor = 0, product_id = 0;
    std::vector<std::string> links; ///< all of udev's links to it
};

/// Why a serial port is (not) read.
struct SerialVerdict {
    bool open = false;
    std::string note; ///< why not, and what to do
};

/// A serial port may be anything: modems, printers, boards. It is opened when its path is pinned,
/// when it or its maker says scanner, or when the maker's table does.
SerialVerdict judge(const SerialDevice& device, bool pinned);

/// The status id of a serial port: "tty-" and the name of its by-path link, or of the whole path
/// with dashes.
std::string serialIdOf(const std::string& path);

/// Watches udev for serial ports on USB. One thread. All functions may throw Error `unavailable`
/// when udev cannot be reached.
class SerialWatcher {
public:
    SerialWatcher();
    ~SerialWatcher();
    /// Readable when next() has something.
    int fd() const;
    /// Ports that are there now.
    std::vector<SerialDevice> present() const;
    struct Change {
        bool added;
        SerialDevice device;
    };
    /// The next arrival or departure of a port on USB; nothing when none is waiting.
    std::optional<Change> next();

private:
    std::unique_ptr<udev, void (*)(udev*)> udev_;
    std::unique_ptr<udev_monitor, void (*)(udev_monitor*)> monitor_;
};

} // namespace gatefold::drivers
