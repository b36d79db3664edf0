#include "tests/lookup/hostile_server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace net = Poco::Net;

namespace {

/// How long the server looks for the end of a client at a time; no test waits for it.
constexpr int look_ms = 10;

net::ServerSocket overTls(const std::string& certificate, const std::string& key) {
    net::Context::Ptr context = new net::Context(net::Context::TLS_SERVER_USE, key, certificate, "",
                                                 net::Context::VERIFY_NONE, 9, false);
    net::SecureServerSocket socket(context);
    socket.bind(net::SocketAddress("127.0.0.1", 0), true);
    socket.listen();
    return socket;
}

net::ServerSocket plain() {
    return net::ServerSocket(net::SocketAddress("127.0.0.1", 0));
}

} // namespace

bool Peer::send(std::string_view bytes) {
    try {
        while (!bytes.empty()) {
            const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

bool Peer::goneWithin(int ms) {
    try {
        if (!socket_.poll(Poco::Timespan(ms * 1'000), net::Socket::SELECT_READ))
            return false;
        char byte = 0;
        return socket_.receiveBytes(&byte, 1) <= 0;
    } catch (const Poco::Exception&) {
        return true;
    }
}

void Peer::dripForEver(char byte) {
    while (send(std::string_view(&byte, 1)) && !goneWithin(look_ms)) {
    }
}

std::uint64_t Peer::flood(std::uint64_t bytes, bool chunked) {
    std::string piece(64 * 1024, 'x');
    const std::uint64_t pieces = bytes / piece.size();
    if (chunked)
        piece = "10000\r\n" + piece + "\r\n";
    std::uint64_t sent = 0;
    for (std::uint64_t i = 0; i < pieces && send(piece); ++i)
        sent += piece.size();
    return sent;
}

void Peer::fallSilent() {
    while (!goneWithin(look_ms)) {
    }
}

HostileServer::HostileServer() : listening_(plain()) {
    std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): there is nothing to do about it
    port_ = listening_.address().port();
    acceptor_ = std::jthread([this](const std::stop_token& stop) { accept(stop); });
}

HostileServer::HostileServer(const std::string& certificate, const std::string& key)
    : listening_(overTls(certificate, key)) {
    std::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c)
    port_ = listening_.address().port();
    acceptor_ = std::jthread([this](const std::stop_token& stop) { accept(stop); });
}

HostileServer::~HostileServer() {
    acceptor_.request_stop();
    acceptor_.join();
}

void HostileServer::on(const std::string& path, Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_[path].push_back(std::move(answer));
}

void HostileServer::on(const std::string& path, const std::string& bytes) {
    on(path, [bytes](Peer& peer) { peer.send(bytes); });
}

std::string HostileServer::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> HostileServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::vector<std::string> HostileServer::paths() const {
    std::vector<std::string> paths;
    for (const std::string& request : requests()) {
        const std::size_t begin = request.find(' ') + 1;
        paths.push_back(request.substr(begin, request.find(' ', begin) - begin));
    }
    return paths;
}

void HostileServer::accept(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!listening_.poll(Poco::Timespan(look_ms * 1'000), net::Socket::SELECT_READ))
            continue;
        net::StreamSocket socket = listening_.acceptConnection();
        const std::lock_guard lock(mutex_);
        connections_.emplace_back([this, socket] { serve(socket); });
    }
}

HostileServer::Answer HostileServer::next(const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto& answers = answers_[path];
    if (answers.empty())
        return [](Peer& peer) { peer.send(reply(404, "{}")); };
    Answer answer = answers.front();
    if (answers.size() > 1)
        answers.erase(answers.begin());
    return answer;
}

void HostileServer::serve(net::StreamSocket socket) {
    try {
        std::string request;
        std::array<char, 4096> piece{};
        while (request.find("\r\n\r\n") == std::string::npos) {
            const int count = socket.receiveBytes(piece.data(), piece.size());
            if (count <= 0)
                return;
            request.append(piece.data(), static_cast<std::size_t>(count));
        }
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        const std::size_t begin = request.find(' ') + 1;
        Peer peer(socket);
        next(request.substr(begin, request.find(' ', begin) - begin))(peer);
        socket.shutdownSend();
    } catch (const Poco::Exception&) {
        // the client went away: that is what some tests are about
    }
}

std::string head(int status, std::string_view headers) {
    return "HTTP/1.1 " + std::to_string(status) + " So\r\n" + std::string(headers) + "\r\n";
}

std::string reply(int status, std::string_view body, std::string_view more_headers,
                  std::string_view type) {
    return head(status, "Content-Type: " + std::string(type) + "\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n" + std::string(more_headers)) +
           std::string(body);
}

std::string redirect(const std::string& target) {
    return reply(307, "", "Location: " + target + "\r\n");
}
