#include "mqtt/link.hpp"

#include "core/error.hpp"
#include "os/file_descriptor.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gatefold::mqtt {

namespace {

constexpr int keepAlive_s = 30;
constexpr int patience_ms = 5000;
/// Messages under way at a time; the library hands out ids twice when its queue is long.
constexpr int window = 20;
constexpr std::uint32_t largestPacket = 1 << 20;

constexpr int unsupportedVersion = 0x84;
constexpr int badUserOrPassword = 0x86;
constexpr int takenOver = 0x8E;

/// MQTT 3.1.1's connect codes as MQTT 5 reasons.
int reasonOf(int code) {
    switch (code) {
    case 1: return unsupportedVersion;
    case 4: return badUserOrPassword;
    case 5: return notAuthorised;
    default: return code;
    }
}

/// The library's sentences bring their own full stop.
std::string lost(int code) {
    return code == MOSQ_ERR_SUCCESS || code == MOSQ_ERR_CONN_LOST
               ? "The connection to the broker is lost."
               : std::string("The connection to the broker is lost: ") + mosquitto_strerror(code);
}

/// A property list that goes with its scope.
class Properties {
public:
    explicit Properties(const Message& message, bool wanted) {
        if (!wanted)
            return;
        if (message.expiry_s)
            mosquitto_property_add_int32(&list_, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
                                         *message.expiry_s);
        if (!message.content_type.empty())
            mosquitto_property_add_string(&list_, MQTT_PROP_CONTENT_TYPE,
                                          message.content_type.c_str());
        if (!message.correlation.empty())
            mosquitto_property_add_binary(&list_, MQTT_PROP_CORRELATION_DATA,
                                          message.correlation.data(),
                                          static_cast<std::uint16_t>(message.correlation.size()));
        for (const auto& [name, value] : message.user_properties)
            mosquitto_property_add_string_pair(&list_, MQTT_PROP_USER_PROPERTY, name.c_str(),
                                               value.c_str());
    }
    ~Properties() { mosquitto_property_free_all(&list_); }
    Properties(const Properties&) = delete;
    Properties& operator=(const Properties&) = delete;
    const mosquitto_property* get() const { return list_; }

private:
    mosquitto_property* list_ = nullptr;
};

/// One address: a connection within the patience, or errno.
int tryAddress(const addrinfo& address) {
    const int fd =
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int failure = 0;
    if (::connect(fd, address.ai_addr, address.ai_addrlen) != 0) {
        failure = errno;
        if (failure == EINPROGRESS) {
            pollfd waiting{fd, POLLOUT, 0};
            failure = ETIMEDOUT;
            if (::poll(&waiting, 1, patience_ms) > 0) {
                socklen_t size = sizeof failure;
                ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size);
            }
        }
    }
    ::close(fd);
    return failure;
}

} // namespace

std::optional<std::string> whyOutOfReach(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int unknown = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (unknown != 0)
        return "There is no host " + host + ": " + ::gai_strerror(unknown) + ".";
    int failure = 0;
    for (const addrinfo* address = found; address; address = address->ai_next)
        if ((failure = tryAddress(*address)) == 0)
            break;
    ::freeaddrinfo(found);
    if (failure == 0)
        return std::nullopt;
    if (failure == ECONNREFUSED)
        return "Nothing listens on " + host + ":" + std::to_string(port) +
               ". Is the broker running?";
    return host + ":" + std::to_string(port) + " cannot be reached: " + std::strerror(failure) +
           ".";
}

/// libmosquitto calls these from within our own step().
struct Link::Callbacks {
    static Link& of(void* user) { return *static_cast<Link*>(user); }
    /// An exception must not fly through the library: it holds a mutex while it calls us.
    template <typename Body>
    static void guarded(void* user, Body body) noexcept {
        Link& link = of(user);
        try {
            body(link);
        } catch (...) {
            if (!link.failure_)
                link.failure_ = std::current_exception();
        }
    }

    static void connected(mosquitto*, void* user, int code, int, const mosquitto_property*) {
        if (code == 0) {
            guarded(user, [](Link& link) { link.listener_.onConnected(); });
            return;
        }
        const int reason = reasonOf(code);
        LinkEnd end;
        end.reason = reason;
        end.bad_credentials = reason == badUserOrPassword || reason == notAuthorised;
        end.refused_version = reason == unsupportedVersion;
        end.words = end.bad_credentials   ? "The broker refuses this user name or password."
                    : end.refused_version ? "The broker does not speak MQTT 5."
                                          : std::string("The broker refuses the connection: ") +
                                                mosquitto_reason_string(reason) + ".";
        guarded(user, [&](Link& link) { link.end(end); });
    }
    static void disconnected(mosquitto*, void* user, int code, const mosquitto_property*) {
        LinkEnd end;
        end.reason = code < 0x80 ? 0 : code; // below: the library's own errors
        end.taken_over = code == takenOver;
        end.words = end.taken_over ? "Another client uses our name."
                    : code < 0x80  ? lost(code)
                                   : "The broker ends the connection: " +
                                        std::string(mosquitto_reason_string(code)) + ".";
        guarded(user, [&](Link& link) { link.end(end); });
    }
    static void published(mosquitto*, void* user, int ticket, int reason,
                          const mosquitto_property*) {
        guarded(user, [&](Link& link) { link.listener_.onAcknowledged(ticket, reason); });
    }
    static void message(mosquitto*, void* user, const mosquitto_message* message,
                        const mosquitto_property* properties) {
        Received received;
        received.topic = message->topic;
        received.payload.assign(static_cast<const char*>(message->payload),
                                static_cast<std::size_t>(message->payloadlen));
        received.retained = message->retain;
        char* topic = nullptr;
        if (mosquitto_property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &topic, false)) {
            received.response_topic = topic;
            std::free(topic);
        }
        void* correlation = nullptr;
        std::uint16_t size = 0;
        if (mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &correlation,
                                           &size, false)) {
            received.correlation.assign(static_cast<const char*>(correlation), size);
            std::free(correlation);
        }
        guarded(user, [&](Link& link) { link.listener_.onMessage(received); });
    }
};

Link::Link(const Config& config, const std::string& client_id, const Message& will, bool version5,
           LinkListener& listener)
    : config_(config), version5_(version5), listener_(listener) {
    handle_ = mosquitto_new(client_id.c_str(), true, this);
    if (!handle_)
        throw Error(ErrorCode::internal, "no memory for the link to the broker");
    mosquitto_int_option(handle_, MOSQ_OPT_PROTOCOL_VERSION,
                         version5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    mosquitto_int_option(handle_, MOSQ_OPT_SEND_MAXIMUM, window);
    // A scan tells its news in ten small messages: none waits for the acknowledgement of another.
    mosquitto_int_option(handle_, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_connect_v5_callback_set(handle_, Callbacks::connected);
    mosquitto_disconnect_v5_callback_set(handle_, Callbacks::disconnected);
    mosquitto_publish_v5_callback_set(handle_, Callbacks::published);
    mosquitto_message_v5_callback_set(handle_, Callbacks::message);
    mosquitto_will_set(handle_, will.topic.c_str(), static_cast<int>(will.payload.size()),
                       will.payload.data(), will.qos, will.retain);
    if (!config.username.empty())
        mosquitto_username_pw_set(handle_, config.username.c_str(), config.password.c_str());
    if (config.tls) {
        // Without this check the library would go on in the clear, password and all.
        const bool ready =
            mosquitto_tls_set(handle_, config.ca_file.empty() ? nullptr : config.ca_file.c_str(),
                              config.ca_file.empty() ? "/etc/ssl/certs" : nullptr, nullptr, nullptr,
                              nullptr) == MOSQ_ERR_SUCCESS &&
            mosquitto_tls_opts_set(handle_, 1, "tlsv1.2", nullptr) == MOSQ_ERR_SUCCESS;
        if (!ready) {
            mosquitto_destroy(handle_);
            throw Error(ErrorCode::configuration,
                        "TLS to the broker cannot be set up; look at mqtt.ca_file.");
        }
    }
}

Link::~Link() {
    mosquitto_destroy(handle_);
}

void Link::end(const LinkEnd& end) {
    if (std::exchange(ended_, true))
        return;
    listener_.onEnd(end);
}

std::optional<std::string> Link::connect() {
    if (auto why = whyOutOfReach(config_.host, config_.port))
        return why;
    ended_ = false;
    const int code = mosquitto_connect_bind_v5(handle_, config_.host.c_str(), config_.port,
                                               keepAlive_s, nullptr, nullptr);
    if (code == MOSQ_ERR_SUCCESS) {
        os::closeOnExec(mosquitto_socket(handle_));
        return std::nullopt;
    }
    if (code == MOSQ_ERR_TLS)
        return "The broker's certificate is not good, or it does not speak TLS on this port.";
    return std::string("The broker cannot be reached: ") + mosquitto_strerror(code);
}

bool Link::step(int wake_fd, std::chrono::milliseconds timeout) {
    const int fd = mosquitto_socket(handle_);
    if (fd < 0 || ended_) {
        end({0, "The connection to the broker is lost.", false, false, false});
        return false;
    }
    std::array<pollfd, 2> waiting{
        {{fd, static_cast<short>(POLLIN | (mosquitto_want_write(handle_) ? POLLOUT : 0)), 0},
         {wake_fd, POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(timeout.count()));
    int code = MOSQ_ERR_SUCCESS;
    if ((waiting[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        code = mosquitto_loop_read(handle_, 1);
    if (code == MOSQ_ERR_SUCCESS && !ended_ && mosquitto_socket(handle_) >= 0)
        code = mosquitto_loop_write(handle_, 1);
    if (code == MOSQ_ERR_SUCCESS && !ended_ && mosquitto_socket(handle_) >= 0)
        code = mosquitto_loop_misc(handle_);
    if (failure_)
        std::rethrow_exception(std::exchange(failure_, nullptr));
    if (code != MOSQ_ERR_SUCCESS)
        end({0, lost(code), false, false, false});
    return !ended_;
}

Link::Published Link::publish(const Message& message) {
    constexpr int topicInvalid = 0x90;
    constexpr int packetTooLarge = 0x95;
    constexpr int payloadInvalid = 0x99;
    if (message.payload.size() > largestPacket)
        return {0, packetTooLarge};
    const Properties properties(message, version5_);
    Published published;
    const int code = mosquitto_publish_v5(
        handle_, &published.ticket, message.topic.c_str(), static_cast<int>(message.payload.size()),
        message.payload.data(), message.qos, message.retain, properties.get());
    switch (code) {
    case MOSQ_ERR_INVAL: published.refused = topicInvalid; break;
    case MOSQ_ERR_OVERSIZE_PACKET:
    case MOSQ_ERR_PAYLOAD_SIZE: published.refused = packetTooLarge; break;
    case MOSQ_ERR_MALFORMED_UTF8: published.refused = payloadInvalid; break;
    default: break; // NO_CONN and the like: it is queued all the same and counts as under way
    }
    return published;
}

void Link::subscribe(const std::string& filter, bool as_published) {
    const int options = as_published && version5_ ? MQTT_SUB_OPT_RETAIN_AS_PUBLISHED : 0;
    mosquitto_subscribe_v5(handle_, nullptr, filter.c_str(), 1, options, nullptr);
}
void Link::unsubscribe(const std::string& filter) {
    mosquitto_unsubscribe(handle_, nullptr, filter.c_str());
}

void Link::disconnect() {
    ended_ = true; // our own end is nobody's news
    mosquitto_disconnect(handle_);
    for (int i = 0; i < 50 && mosquitto_want_write(handle_) && mosquitto_socket(handle_) >= 0; ++i)
        mosquitto_loop_write(handle_, 1);
}

} // namespace gatefold::mqtt
