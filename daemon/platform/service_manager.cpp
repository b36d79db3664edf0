#include "platform/service_manager.hpp"

#include "os/file_descriptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace gatefold::platform {
namespace {

constexpr int firstPassedFd = 3; // SD_LISTEN_FDS_START
constexpr long mostSockets = 16;

std::string taken(const char* variable) {
    const char* value = std::getenv(variable);
    std::string text = value ? value : "";
    ::unsetenv(variable);
    return text;
}

std::optional<long> number(const std::string& text) {
    long value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

bool isForUs(const std::string& pid) {
    return pid.empty() || number(pid) == ::getpid();
}

std::vector<PassedSocket> passedSockets() {
    const std::string pid = taken("LISTEN_PID");
    const long count = number(taken("LISTEN_FDS")).value_or(0);
    std::string names = taken("LISTEN_FDNAMES");
    std::vector<PassedSocket> sockets;
    if (pid.empty() || !isForUs(pid) || count < 1 || count > mostSockets)
        return sockets;
    for (int fd = firstPassedFd; fd < firstPassedFd + count; ++fd) {
        const std::size_t end = names.find(':');
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        sockets.push_back({fd, names.substr(0, end)});
        names.erase(0, end == std::string::npos ? end : end + 1);
    }
    return sockets;
}

} // namespace

ServiceManager::ServiceManager() : address_(taken("NOTIFY_SOCKET")), sockets_(passedSockets()) {
    const std::string pid = taken("WATCHDOG_PID");
    const long limit_us = number(taken("WATCHDOG_USEC")).value_or(0);
    if (limit_us > 0 && isForUs(pid))
        interval_ = std::chrono::milliseconds(limit_us / 2000);
}

void ServiceManager::ready() const noexcept {
    send("READY=1");
}
void ServiceManager::stopping() const noexcept {
    send("STOPPING=1");
}
void ServiceManager::watchdog() const noexcept {
    send("WATCHDOG=1");
}

void ServiceManager::status(std::string_view text) const noexcept {
    char line[256] = "STATUS=";
    const std::size_t prefix = std::strlen(line);
    const std::size_t length = text.copy(line + prefix, sizeof line - prefix);
    for (char& c : line)
        c = c == '\n' ? ' ' : c;
    send({line, prefix + length});
}

void ServiceManager::send(std::string_view message) const noexcept {
    sockaddr_un peer{};
    peer.sun_family = AF_UNIX;
    if (address_.empty() || address_.size() >= sizeof peer.sun_path)
        return;
    address_.copy(peer.sun_path, address_.size());
    if (peer.sun_path[0] == '@') // an abstract address
        peer.sun_path[0] = '\0';
    const os::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    // A lost message shows as a start-up or watchdog timeout, which systemd reports itself.
    [[maybe_unused]] const ssize_t sent =
        ::sendto(socket.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&peer), length);
}

} // namespace gatefold::platform
