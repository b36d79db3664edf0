#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A reply as it came over the wire.
struct WireReply {
    int status = 0; ///< 0: the connection closed without one
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;

    std::string header(std::string_view name) const;
    bool has(std::string_view name) const;
};

/// One connection with nothing between the test and the bytes. Reads give up after ten seconds.
class WireClient {
public:
    explicit WireClient(int port);
    explicit WireClient(const std::string& unix_path);
    ~WireClient();
    WireClient(const WireClient&) = delete;
    WireClient& operator=(const WireClient&) = delete;

    /// False when the other side is gone.
    bool send(std::string_view bytes);
    /// The next reply; `head`: it answers HEAD and has no body.
    WireReply receive(bool head = false);
    /// Reads until `wanted` was seen, the end, or the time is up; gives what was read (and not
    /// given before).
    std::string readUntil(std::string_view wanted);
    /// Whether the other side closes within the time.
    bool closes();
    int fd() const { return fd_; }

private:
    bool more();
    std::string take(std::size_t n);

    int fd_ = -1;
    std::string buffer_;
};
