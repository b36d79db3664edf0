#pragma once

#include <optional>
#include <string>

namespace gatefold::drivers {

/// An open serial line in raw mode, exclusively ours. One thread.
class SerialPort {
public:
    static constexpr int usualBaud = 9600;

    /// Opens `path` raw, 8 data bits, no parity, `baud` bits a second (1200 to 115200; USB scanners
    /// with CDC-ACM ignore the speed), no flow control, and throws away what was sent while nobody
    /// listened. Throws Error `forbidden`, `conflict` (somebody has it), `notFound`, `unavailable`
    /// (also for a speed that no scanner has).
    explicit SerialPort(const std::string& path, int baud = usualBaud);
    ~SerialPort();
    SerialPort(SerialPort&& other) noexcept;
    SerialPort& operator=(SerialPort&&) = delete;

    int fd() const { return fd_; }
    /// The bytes that have come, at most 4,096; empty when there are none; nothing when the line is
    /// gone.
    std::optional<std::string> read();

private:
    int fd_;
};

} // namespace gatefold::drivers
