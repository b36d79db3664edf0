#include "client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

void setTimeouts(int fd) {
    const timeval time{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return text;
}

} // namespace

std::string WireReply::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name)
            return value;
    return {};
}

bool WireReply::has(std::string_view name) const {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& one) { return one.first == name; });
}

WireClient::WireClient(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect failed");
    setTimeouts(fd_);
}

WireClient::WireClient(const std::string& unix_path)
    : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path.c_str(), sizeof address.sun_path - 1);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("connect failed");
    setTimeouts(fd_);
}

WireClient::~WireClient() {
    ::close(fd_);
}

bool WireClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool WireClient::more() {
    char chunk[16 * 1024];
    const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
    if (n <= 0)
        return false;
    buffer_.append(chunk, static_cast<std::size_t>(n));
    return true;
}

std::string WireClient::take(std::size_t n) {
    std::string out = buffer_.substr(0, n);
    buffer_.erase(0, n);
    return out;
}

WireReply WireClient::receive(bool head) {
    WireReply reply;
    while (buffer_.find("\r\n\r\n") == buffer_.npos)
        if (!more())
            return reply;
    const std::string text = take(buffer_.find("\r\n\r\n") + 4);
    std::size_t at = text.find("\r\n");
    reply.status = std::stoi(text.substr(9, 3));
    while (at + 2 < text.size() - 2) {
        const auto end = text.find("\r\n", at + 2);
        const std::string line = text.substr(at + 2, end - at - 2);
        const auto colon = line.find(": ");
        reply.headers.emplace_back(lower(line.substr(0, colon)), line.substr(colon + 2));
        at = end;
    }
    if (reply.status == 100)
        return receive(head);
    if (head || !reply.has("content-length"))
        return reply;
    const auto length = static_cast<std::size_t>(std::stoul(reply.header("content-length")));
    while (buffer_.size() < length)
        if (!more())
            break;
    reply.body = take(length);
    return reply;
}

std::string WireClient::readUntil(std::string_view wanted) {
    while (buffer_.find(wanted) == buffer_.npos)
        if (!more())
            return take(buffer_.size());
    return take(buffer_.find(wanted) + wanted.size());
}

bool WireClient::closes() {
    for (;;) {
        char chunk[16 * 1024];
        const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
        if (n == 0 || (n < 0 && errno == ECONNRESET))
            return true;
        if (n < 0)
            return false;
    }
}
