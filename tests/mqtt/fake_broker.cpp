#include "fake_broker.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace gatefold::test {

namespace {

constexpr std::size_t largestPacket = 4 << 20;
constexpr int notAuthorised = 0x87;

/// MQTT control packets (3.1.1 and 5, table 2.1).
enum Packet {
    connectPacket = 1,
    publishPacket = 3,
    subscribePacket = 8,
    unsubscribePacket = 10,
    pingPacket = 12,
    disconnectPacket = 14
};

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values)
        text += static_cast<char>(value);
    return text;
}

/// Reads the fields of one packet's body; throws out_of_range behind its end.
class Reader {
public:
    explicit Reader(std::string body) : body_(std::move(body)) {}
    int byte() { return static_cast<unsigned char>(body_.at(at_++)); }
    int word() {
        const int high = byte();
        return high * 256 + byte();
    }
    std::string take(std::size_t size) {
        if (size > body_.size() - at_)
            throw std::out_of_range("packet");
        at_ += size;
        return body_.substr(at_ - size, size);
    }
    std::string text() { return take(static_cast<std::size_t>(word())); }
    void skipProperties() {
        std::size_t size = 0;
        for (int shift = 0, more = 0x80; more != 0 && shift < 28; shift += 7) {
            const int next = byte();
            size |= static_cast<std::size_t>(next & 0x7F) << shift;
            more = next & 0x80;
        }
        take(size);
    }
    std::string rest() { return take(body_.size() - at_); }
    bool atEnd() const { return at_ == body_.size(); }

private:
    std::string body_;
    std::size_t at_ = 0;
};

/// Waits for so many bytes; none when the peer is gone or the test is over.
std::optional<std::string> receive(int fd, std::size_t size, const std::stop_token& stop) {
    std::string got;
    while (got.size() < size && !stop.stop_requested()) {
        pollfd waiting{fd, POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0)
            continue;
        std::string part(size - got.size(), '\0');
        const auto count = ::recv(fd, part.data(), part.size(), 0);
        if (count <= 0)
            return std::nullopt;
        got.append(part, 0, static_cast<std::size_t>(count));
    }
    return got.size() == size ? std::optional(got) : std::nullopt;
}

} // namespace

/// One connection.
struct FakeBroker::Talk {
    FakeBroker& broker;
    int fd;
    const std::stop_token& stop;
    int level = 0;
    int number = 0;

    bool send(const std::string& packet) const {
        return ::send(fd, packet.data(), packet.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(packet.size());
    }
    bool moreCame() const {
        pollfd waiting{fd, POLLIN, 0};
        return ::poll(&waiting, 1, 20) > 0;
    }

    /// False ends the connection.
    bool packet() {
        const auto head = receive(fd, 1, stop);
        if (!head)
            return false;
        std::size_t size = 0;
        for (int shift = 0, more = 0x80; more != 0; shift += 7) {
            const auto next = receive(fd, 1, stop);
            if (!next || shift > 21)
                return false;
            size |= static_cast<std::size_t>((*next)[0] & 0x7F) << shift;
            more = (*next)[0] & 0x80;
        }
        const auto body = size <= largestPacket ? receive(fd, size, stop) : std::nullopt;
        return body && answer(static_cast<unsigned char>((*head)[0]), Reader(*body));
    }

    bool answer(int head, Reader body) {
        switch (head >> 4) {
        case connectPacket: return welcome(body);
        case publishPacket: return publish(head, body);
        case subscribePacket: return subscribe(body);
        case unsubscribePacket: return unsubscribe(body);
        case pingPacket: return send(bytes({0xD0, 0}));
        default: return false; // DISCONNECT, and what no publisher sends
        }
    }

    bool welcome(Reader& body) {
        body.text();
        level = body.byte();
        {
            const std::scoped_lock lock(broker.mutex_);
            broker.levels_.push_back(level);
            number = static_cast<int>(broker.levels_.size());
        }
        const std::string packet = broker.script_.welcome(level);
        return !packet.empty() && send(packet);
    }

    bool publish(int head, Reader& body) {
        Publish publish;
        publish.topic = body.text();
        publish.qos = (head >> 1) & 3;
        publish.retain = (head & 1) != 0;
        publish.connection = number;
        const int id = publish.qos > 0 ? body.word() : 0;
        if (level == 5)
            body.skipProperties();
        publish.payload = body.rest();
        {
            const std::scoped_lock lock(broker.mutex_);
            broker.published_.push_back(publish);
        }
        int reason = broker.script_.acknowledge(publish);
        const bool leave = reason == hangUp;
        if (leave && moreCame())
            return false;
        if (leave)
            reason = notAuthorised;
        if (publish.qos == 0)
            return !leave;
        const bool sent = send(level == 5 ? bytes({0x40, 4, id >> 8, id & 0xFF, reason, 0})
                                          : bytes({0x40, 2, id >> 8, id & 0xFF}));
        return sent && !leave;
    }

    bool subscribe(Reader& body) {
        const int id = body.word();
        if (level == 5)
            body.skipProperties();
        std::string granted;
        for (; !body.atEnd(); granted += '\1') {
            body.text();
            body.byte();
        }
        return acknowledgeMany(0x90, id, granted);
    }

    bool unsubscribe(Reader& body) {
        const int id = body.word();
        if (level == 5)
            body.skipProperties();
        std::string done;
        for (; !body.atEnd(); done += '\0')
            body.text();
        return acknowledgeMany(0xB0, id, level == 5 ? done : "");
    }

    bool acknowledgeMany(int head, int id, const std::string& codes) const {
        const std::string properties = level == 5 ? std::string(1, '\0') : "";
        const int size = static_cast<int>(2 + properties.size() + codes.size());
        return send(bytes({head, size, id >> 8, id & 0xFF}) + properties + codes);
    }
};

FakeBroker::FakeBroker(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no port for the broker");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

FakeBroker::~FakeBroker() {
    thread_ = {};
    ::close(listener_);
}

std::string FakeBroker::welcomed(int level) {
    return level == 5 ? bytes({0x20, 3, 0, 0, 0}) : bytes({0x20, 2, 0, 0});
}

void FakeBroker::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, 100) <= 0)
            continue;
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        Talk talk{*this, fd, stop};
        try {
            while (talk.packet()) {
            }
        } catch (const std::out_of_range&) { // a malformed packet ends the connection
        }
        ::close(fd);
    }
}

std::vector<FakeBroker::Publish> FakeBroker::published() const {
    const std::scoped_lock lock(mutex_);
    return published_;
}

std::vector<std::string> FakeBroker::payloads(const std::string& topic) const {
    std::vector<std::string> payloads;
    for (const Publish& one : published())
        if (one.topic == topic)
            payloads.push_back(one.payload);
    return payloads;
}

std::vector<int> FakeBroker::levels() const {
    const std::scoped_lock lock(mutex_);
    return levels_;
}

} // namespace gatefold::test
