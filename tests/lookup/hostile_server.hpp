#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// One connection of the server after the request's head was read.
class Peer {
public:
    explicit Peer(Poco::Net::StreamSocket socket) : socket_(std::move(socket)) {}
    /// False when the client is gone.
    bool send(std::string_view bytes);
    /// Sends one byte after the other until the client is gone.
    void dripForEver(char byte);
    /// Sends pieces of that many bytes together; how many went out before the client was gone.
    std::uint64_t flood(std::uint64_t bytes, bool chunked);
    /// Says nothing and waits until the client is gone.
    void fallSilent();

private:
    bool goneWithin(int ms);
    Poco::Net::StreamSocket socket_;
};

/// A server on loopback that answers as told, also as no decent server would. Paths are matched
/// with their query.
class HostileServer {
public:
    using Answer = std::function<void(Peer&)>;

    HostileServer();
    /// Over TLS with that certificate and key (PEM files).
    HostileServer(const std::string& certificate, const std::string& key);
    ~HostileServer();
    HostileServer(const HostileServer&) = delete;
    HostileServer& operator=(const HostileServer&) = delete;

    /// What is answered for a path; given several times, one after the other, and the last one for
    /// ever. Paths without an answer get 404.
    void on(const std::string& path, Answer answer);
    void on(const std::string& path, const std::string& bytes);

    int port() const { return port_; }
    /// "http://127.0.0.1:PORT"
    std::string url() const;
    /// Heads of the requests so far.
    std::vector<std::string> requests() const;
    /// Their paths.
    std::vector<std::string> paths() const;

private:
    void accept(const std::stop_token& stop);
    void serve(Poco::Net::StreamSocket socket);
    Answer next(const std::string& path);

    Poco::Net::ServerSocket listening_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<Answer>> answers_;
    std::vector<std::string> requests_;
    std::vector<std::jthread> connections_;
    std::jthread acceptor_;
};

/// A whole reply with its length.
std::string reply(int status, std::string_view body, std::string_view more_headers = {},
                  std::string_view type = "application/json");
/// Only its head: the body is the test's affair.
std::string head(int status, std::string_view headers);
std::string redirect(const std::string& target);
