#include "drivers/serial_scanner/serial_port.hpp"

#include "core/error.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gatefold::drivers {

namespace {

[[noreturn]] void fail(int error) {
    switch (error) {
    case EACCES:
    case EPERM:
        throw Error(ErrorCode::forbidden, "no permission to open it; is Gatefold's udev rule "
                                          "installed? (60-gatefold.rules, group gatefold)");
    case EBUSY:
        throw Error(ErrorCode::conflict,
                    "another program has it open; stop that program (often ModemManager), Gatefold "
                    "tries again by itself");
    case ENOENT:
    case ENODEV:
    case ENXIO: throw Error(ErrorCode::notFound, "it is not plugged in");
    default:
        throw Error(ErrorCode::unavailable, std::string("it cannot be opened (") +
                                                std::strerror(error) +
                                                "); Gatefold tries again by itself");
    }
}

struct Speed {
    int baud;
    speed_t constant;
};
constexpr std::array speeds{Speed{1200, B1200},   Speed{2400, B2400},    Speed{4800, B4800},
                            Speed{9600, B9600},   Speed{19200, B19200},  Speed{38400, B38400},
                            Speed{57600, B57600}, Speed{115200, B115200}};

speed_t speedOf(int baud) {
    const auto* const row = std::find_if(speeds.begin(), speeds.end(),
                                         [&](const Speed& speed) { return speed.baud == baud; });
    if (row == speeds.end())
        throw Error(ErrorCode::unavailable, "no scanner sends " + std::to_string(baud) +
                                                " baud; check the [[device]] of gatefold.toml");
    return row->constant;
}

/// Closes on the way out of a constructor that throws.
struct Opened {
    int fd;
    ~Opened() {
        if (fd >= 0)
            close(fd);
    }
};

} // namespace

SerialPort::SerialPort(const std::string& path, int baud) : fd_(-1) {
    const speed_t speed = speedOf(baud);
    // A pinned port may be away for long: asking is cheaper than failing to open.
    if (access(path.c_str(), F_OK) != 0)
        fail(errno);
    Opened opened{open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
    if (opened.fd < 0)
        fail(errno);
    termios mode{};
    if (tcgetattr(opened.fd, &mode) != 0)
        throw Error(ErrorCode::unavailable,
                    "it is no serial port; check the path in the [[device]] of gatefold.toml");
    cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    mode.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    cfsetspeed(&mode, speed);
    ioctl(opened.fd, TIOCEXCL); // keeps others out where the terminal can
    if (tcsetattr(opened.fd, TCSANOW, &mode) != 0)
        fail(errno);
    tcflush(opened.fd, TCIFLUSH);
    fd_ = std::exchange(opened.fd, -1);
}

SerialPort::SerialPort(SerialPort&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

SerialPort::~SerialPort() {
    if (fd_ >= 0)
        close(fd_);
}

std::optional<std::string> SerialPort::read() {
    std::array<char, 4096> buffer;
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    if (got > 0)
        return std::string(buffer.data(), static_cast<std::size_t>(got));
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return std::string();
    return std::nullopt; // end of file, EIO, ENODEV: unplugged
}

} // namespace gatefold::drivers
