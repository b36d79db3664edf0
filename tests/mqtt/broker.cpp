#include "broker.hpp"
#include "tests/support/skipped.hpp"

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gatefold::test {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& held) {
    for (int i = 0; i < 1500; ++i) {
        if (held())
            return true;
        std::this_thread::sleep_for(20ms);
    }
    return false;
}

int freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

namespace {

constexpr const char* mosquittoProgram = "/usr/sbin/mosquitto";

std::filesystem::path madeFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gatefold-mqtt-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        throw std::runtime_error("no temporary folder");
    return name;
}

} // namespace

Folder::Folder() : path(madeFolder()) {}
Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

Broker::Broker(std::string settings) : settings_(std::move(settings)) {
    start();
}

std::string Broker::file(const std::string& name, const std::string& text) const {
    const auto at = folder.path / name;
    std::ofstream(at) << text;
    return at.string();
}

void Broker::start() {
    if (::access(mosquittoProgram, X_OK) != 0)
        throw Skipped(std::string(mosquittoProgram) + " is not there");
    const std::string data = folder.path.string() + "/";
    const std::string config =
        file("mosquitto.conf", "listener " + std::to_string(port) + " 127.0.0.1\nuser root\n" +
                                   "persistence true\npersistence_location " + data +
                                   "\nmax_queued_messages 0\nlog_dest none\n" + settings_);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::execl(mosquittoProgram, "mosquitto", "-c", config.c_str(), nullptr);
        ::_exit(127);
    }
    if (!eventually([&] { return !mqtt::whyOutOfReach("127.0.0.1", port); }))
        throw std::runtime_error("mosquitto does not start");
}

void Broker::stop(int signal) {
    if (pid_ <= 0)
        return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

struct Subscriber::Callbacks {
    static void connected(mosquitto* handle, void* user, int, int, const mosquitto_property*) {
        mosquitto_subscribe_v5(handle, nullptr, static_cast<Subscriber*>(user)->filter_.c_str(), 1,
                               MQTT_SUB_OPT_RETAIN_AS_PUBLISHED, nullptr);
    }
    static void subscribed(mosquitto*, void* user, int, int, const int*,
                           const mosquitto_property*) {
        static_cast<Subscriber*>(user)->subscribed_ = true;
    }
    static void message(mosquitto*, void* user, const mosquitto_message* message,
                        const mosquitto_property* list) {
        Seen seen;
        seen.topic = message->topic;
        seen.payload.assign(static_cast<const char*>(message->payload),
                            static_cast<std::size_t>(message->payloadlen));
        seen.retained = message->retain;
        mosquitto_property_read_int32(list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, &seen.expiry_s,
                                      false);
        char* text = nullptr;
        if (mosquitto_property_read_string(list, MQTT_PROP_CONTENT_TYPE, &text, false))
            seen.content_type = text;
        std::free(text);
        void* data = nullptr;
        std::uint16_t size = 0;
        if (mosquitto_property_read_binary(list, MQTT_PROP_CORRELATION_DATA, &data, &size, false))
            seen.correlation.assign(static_cast<const char*>(data), size);
        std::free(data);
        bool skip = false;
        char *name = nullptr, *value = nullptr;
        while ((list = mosquitto_property_read_string_pair(list, MQTT_PROP_USER_PROPERTY, &name,
                                                           &value, skip))) {
            seen.user[name] = value;
            std::free(name);
            std::free(value);
            skip = true;
        }
        auto& self = *static_cast<Subscriber*>(user);
        const std::scoped_lock lock(self.mutex_);
        self.seen_.push_back(std::move(seen));
    }
};

Subscriber::Subscriber(int port, std::string filter, std::string id) : filter_(std::move(filter)) {
    mosquitto_lib_init();
    if (id.empty())
        id = "watcher-" + std::to_string(port) + "-" + std::to_string(::rand());
    handle_ = mosquitto_new(id.c_str(), false, this);
    mosquitto_int_option(handle_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_connect_v5_callback_set(handle_, Callbacks::connected);
    mosquitto_subscribe_v5_callback_set(handle_, Callbacks::subscribed);
    mosquitto_message_v5_callback_set(handle_, Callbacks::message);
    mosquitto_property* session = nullptr;
    mosquitto_property_add_int32(&session, MQTT_PROP_SESSION_EXPIRY_INTERVAL, 3600);
    mosquitto_connect_bind_v5(handle_, "127.0.0.1", port, 60, nullptr, session);
    mosquitto_property_free_all(&session);
    mosquitto_loop_start(handle_);
    if (!eventually([this] { return subscribed_.load(); }))
        throw std::runtime_error("the subscriber gets no subscription");
}

Subscriber::~Subscriber() {
    mosquitto_disconnect(handle_);
    mosquitto_loop_stop(handle_, true);
    mosquitto_destroy(handle_);
}

void Subscriber::publish(const std::string& topic, const std::string& payload, bool retain,
                         const std::string& response_topic, const std::string& correlation) {
    mosquitto_property* list = nullptr;
    if (!correlation.empty())
        mosquitto_property_add_binary(&list, MQTT_PROP_CORRELATION_DATA, correlation.data(),
                                      static_cast<std::uint16_t>(correlation.size()));
    if (!response_topic.empty())
        mosquitto_property_add_string(&list, MQTT_PROP_RESPONSE_TOPIC, response_topic.c_str());
    mosquitto_publish_v5(handle_, nullptr, topic.c_str(), static_cast<int>(payload.size()),
                         payload.data(), 1, retain, list);
    mosquitto_property_free_all(&list);
}

std::vector<Seen> Subscriber::seen() const {
    const std::scoped_lock lock(mutex_);
    return seen_;
}

std::size_t Subscriber::size() const {
    const std::scoped_lock lock(mutex_);
    return seen_.size();
}

std::string Subscriber::latest(const std::string& topic) const {
    std::string payload = "<none>";
    for (const Seen& one : seen())
        if (one.topic == topic)
            payload = one.payload;
    return payload;
}

int Subscriber::count(const std::string& topic) const {
    int count = 0;
    for (const Seen& one : seen())
        count += one.topic == topic;
    return count;
}

CommandResult Orders::execute(const DeckCommand& command) {
    const std::scoped_lock lock(mutex_);
    got_.push_back(command);
    return {7, document};
}

std::vector<DeckCommand> Orders::got() const {
    const std::scoped_lock lock(mutex_);
    return got_;
}

Daemon::Daemon(int port, std::function<void(mqtt::Config&)> change)
    : store_(folder.path, clock, {"mqtt"}) {
    config_.port = port;
    config_.node = "den";
    if (change)
        change(config_);
    store_.write([](Tx& tx) { tx.decks.configure({{"main", "Main"}}); });
    store_.onCommit([this] {
        if (service_)
            service_->wake();
    });
}

void Daemon::start() {
    service_ = std::make_unique<mqtt::MqttService>(config_, store_, clock, orders, box);
    thread_ = std::jthread([this](std::stop_token stop) { service_->run(stop); });
}

void Daemon::stop() {
    thread_ = {};
    service_.reset();
}

std::int64_t Daemon::event(const std::string& name, const std::string& body,
                           std::chrono::hours ago) {
    return store_.write([&](Tx& tx) {
        return tx.events
            .append({LogRow::Kind::event, name, "main", body, "main"}, clock.now().wall - ago)
            .seq;
    });
}

std::vector<std::int64_t> Daemon::events(const std::string& name, int count) {
    return store_.write([&](Tx& tx) {
        std::vector<std::int64_t> seqs;
        for (int i = 0; i < count; ++i)
            seqs.push_back(
                tx.events
                    .append({LogRow::Kind::event, name, "main", "{}", "main"}, clock.now().wall)
                    .seq);
        return seqs;
    });
}

void Daemon::decks(const std::vector<std::pair<DeckId, std::string>>& decks) {
    store_.write([&](Tx& tx) { tx.decks.configure(decks); });
}

void Daemon::clientTail(const std::string& tail) {
    store_.write([&](Tx& tx) { tx.settings.set("mqtt.client_tail", tail); });
}

void Daemon::triedBefore(std::int64_t seq, int times) {
    store_.write([&](Tx& tx) {
        for (int i = 0; i < times; ++i)
            tx.outbox.retryLater("mqtt", seq, clock.now().wall, "busy");
    });
}

std::vector<OutboxRow> Daemon::parked() {
    return store_.read([](const ReadTx& tx) { return tx.outbox.parked("mqtt"); });
}

void Daemon::state(const std::string& name, const std::string& deck, const std::string& body) {
    store_.write([&](Tx& tx) {
        tx.events.append({LogRow::Kind::state, name, deck, body, deck.empty() ? name : deck},
                         clock.now().wall);
    });
}

OutboxStats Daemon::outbox() {
    return store_.read([&](const ReadTx& tx) { return tx.outbox.stats("mqtt", clock.now().wall); });
}

} // namespace gatefold::test
