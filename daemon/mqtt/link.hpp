#pragma once

#include "mqtt/config.hpp"
#include "mqtt/message.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

struct mosquitto;

namespace gatefold::mqtt {

/// The broker's reason for a client without rights (MQTT 5, 2.4).
inline constexpr int notAuthorised = 0x87;

/// Why a connection ended or never was: the broker's reason (MQTT 5 numbers) and words.
struct LinkEnd {
    int reason = 0; ///< 0: the connection broke, or the broker hung up without a word
    std::string words;
    bool bad_credentials = false;
    bool taken_over = false; ///< another client uses our id
    bool refused_version = false;
};

/// What the link tells its owner; all on the thread that calls step().
class LinkListener {
public:
    virtual ~LinkListener() = default;
    virtual void onConnected() = 0;
    virtual void onEnd(const LinkEnd& end) = 0;
    /// `reason` below 0x80: handed over; else the broker's refusal.
    virtual void onAcknowledged(int ticket, int reason) = 0;
    virtual void onMessage(const Received& message) = 0;
};

/// One libmosquitto handle, owned by one thread, driven by poll(): no thread of the library's own
/// (its loop ends for good on a refused MQTT 5 login, and connects never when the broker is down at
/// first).
class Link {
public:
    /// `client_id`: the same at every connection, so that the broker ends a half-open one before
    /// it welcomes us (its late will would say offline for ever). Throws Error `internal`,
    /// `configuration` when TLS is asked for and cannot be had.
    Link(const Config& config, const std::string& client_id, const Message& will, bool version5,
         LinkListener& listener);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Opens the TCP (and TLS) connection and sends CONNECT; may take five seconds. Words when it
    /// cannot.
    std::optional<std::string> connect();
    /// Waits for the socket or `wake_fd` and works off what came. False when the connection is
    /// gone.
    bool step(int wake_fd, std::chrono::milliseconds timeout);
    /// The ticket of a message under way, or the reason why it can never be sent (a local refusal,
    /// 0x80 and above).
    struct Published {
        int ticket = 0;
        int refused = 0;
    };
    Published publish(const Message& message);
    /// `as_published`: messages keep their retained flag when they come live, too (MQTT 5).
    void subscribe(const std::string& filter, bool as_published = false);
    void unsubscribe(const std::string& filter);
    /// Says good-bye and waits until it is sent.
    void disconnect();
    bool version5() const { return version5_; }

private:
    struct Callbacks;
    void end(const LinkEnd& end);

    Config config_;
    bool version5_;
    LinkListener& listener_;
    mosquitto* handle_ = nullptr;
    bool ended_ = false;
    std::exception_ptr failure_; ///< out of a callback; goes on in step()
};

/// Tries a plain TCP connection for five seconds; words for people when it fails.
std::optional<std::string> whyOutOfReach(const std::string& host, int port);

} // namespace gatefold::mqtt
