#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::platform {

/// A listening socket that systemd opened for us (sd_listen_fds(3)); the receiver owns the
/// descriptor.
struct PassedSocket {
    int fd;
    std::string name; ///< FileDescriptorName= of the socket unit
};

/// The wire to systemd by its documented protocol (sd_notify(3)): one datagram a message. Without
/// systemd every function does nothing. Own code because it is thirty lines, against a library that
/// drags in four more.
class ServiceManager {
public:
    /// Reads and then removes NOTIFY_SOCKET, WATCHDOG_* and LISTEN_*, so that children do not speak
    /// for us. Call before the first thread starts.
    ServiceManager();

    void ready() const noexcept;
    void stopping() const noexcept;
    void watchdog() const noexcept;
    /// One line for `systemctl status`.
    void status(std::string_view text) const noexcept;

    /// How often `watchdog` has to be called: half of what systemd allows. Nothing: not watched.
    std::optional<std::chrono::milliseconds> watchdogInterval() const noexcept { return interval_; }
    const std::vector<PassedSocket>& sockets() const noexcept { return sockets_; }

private:
    void send(std::string_view message) const noexcept;

    std::string address_;
    std::optional<std::chrono::milliseconds> interval_;
    std::vector<PassedSocket> sockets_;
};

} // namespace gatefold::platform
