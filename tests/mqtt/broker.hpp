#pragma once

#include "mqtt/mqtt_service.hpp"
#include "platform/system_clock.hpp"
#include "store/store.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

struct mosquitto;

/// A real mosquitto, a real subscriber and the service on a real store.
namespace gatefold::test {

/// True as soon as `held` is; false when it is not within a generous time.
bool eventually(const std::function<bool()>& held);

/// A TCP port of loopback that nobody listens on.
int freePort();

/// A folder that goes with the test.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path path;
};

/// mosquitto on a port of its own that stays the same over restarts.
class Broker {
public:
    /// `settings`: further lines of its configuration.
    explicit Broker(std::string settings = "allow_anonymous true\n");
    ~Broker() { stop(); }
    void start();
    void stop(int signal = 15);
    std::string file(const std::string& name, const std::string& text) const;

    const Folder folder;
    const int port = freePort();

private:
    std::string settings_;
    pid_t pid_ = 0;
};

/// One message as a subscriber got it.
struct Seen {
    std::string topic, payload;
    bool retained = false;
    std::string content_type, correlation;
    std::uint32_t expiry_s = 0;
    std::map<std::string, std::string> user;
};

/// An MQTT 5 client with a session that outlives its connection.
class Subscriber {
public:
    /// `id`: empty makes one.
    Subscriber(int port, std::string filter, std::string id = {});
    ~Subscriber();
    void publish(const std::string& topic, const std::string& payload, bool retain = false,
                 const std::string& response_topic = {}, const std::string& correlation = {});
    std::vector<Seen> seen() const;
    std::size_t size() const;
    /// The newest payload of a topic; "<none>" when there was none.
    std::string latest(const std::string& topic) const;
    int count(const std::string& topic) const;

private:
    struct Callbacks;
    std::string filter_;
    std::atomic<bool> subscribed_ = false;
    mosquitto* handle_ = nullptr;
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
};

class Box final : public BoxFacts {
public:
    BoxHealth health() const override { return {1, 1000, {}}; }
    std::string version() const override { return "0.1.0"; }
    std::string bootId() const override { return boot; }
    std::string baseUrl() const override { return "http://gatefold.local:8080"; }
    std::string cover(std::string_view) const override { return {}; }

    std::string boot = "boot-1";
};

class Orders final : public CommandSink {
public:
    CommandResult execute(const DeckCommand& command) override;
    std::vector<DeckCommand> got() const;
    std::optional<std::string> document; ///< what a use case answers; set before the start

private:
    mutable std::mutex mutex_;
    std::vector<DeckCommand> got_;
};

/// Store and service; the service runs between start() and stop().
class Daemon {
public:
    explicit Daemon(int port, std::function<void(mqtt::Config&)> change = {});
    ~Daemon() { stop(); }
    void start();
    void stop();
    LinkStatus status() const { return service_ ? service_->status() : LinkStatus{}; }
    /// Appends one event of the deck "main" and returns its seq.
    std::int64_t event(const std::string& name, const std::string& body = "{}",
                       std::chrono::hours ago = {});
    std::vector<std::int64_t> events(const std::string& name, int count);
    /// Of the configuration; between stop() and start().
    void decks(const std::vector<std::pair<DeckId, std::string>>& decks);
    void change(const std::function<void(mqtt::Config&)>& change) { change(config_); }
    /// The end of its client id; before the first start.
    void clientTail(const std::string& tail);
    /// As if the broker had refused the row so often.
    void triedBefore(std::int64_t seq, int times);
    std::vector<OutboxRow> parked();
    void state(const std::string& name, const std::string& deck, const std::string& body);
    OutboxStats outbox();

    const Folder folder;
    const platform::SystemClock clock;
    Orders orders;
    Box box;

private:
    mqtt::Config config_;
    store::Store store_;
    std::unique_ptr<mqtt::MqttService> service_;
    std::jthread thread_;
};

} // namespace gatefold::test
