#include "mqtt/mqtt_service.hpp"

#include "core/error.hpp"
#include "mqtt/home_assistant.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <mosquitto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace gatefold::mqtt {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view sink = "mqtt";
constexpr std::size_t mostUnderWay = 20; ///< rows; the link's own window bounds messages
constexpr int rowsAtOnce = 64;
constexpr auto pollEvery = 5s; ///< a lost wake loses nothing
constexpr auto strikeAfter = 250ms;
constexpr std::size_t strikeAt = 50;
constexpr auto acknowledgeWithin = 30s;
constexpr auto healthEvery = 60s;
constexpr auto strangersFor = 5s;
constexpr auto heldFor = 5min;
constexpr int mostAttempts = 20;
constexpr auto longestPause = 60s;
constexpr auto badCredentialsPause = 60s;
constexpr auto steadyAfter = 30s;

constexpr int notAuthorised = 0x87;

/// Refusals of a message that no repetition cures (MQTT 5, 4.13 and 3.4.2.1): topic invalid, packet too large, payload invalid.
bool isPoison(int reason) { return reason == 0x90 || reason == 0x95 || reason == 0x99; }

std::string words(int reason) {
    return std::string(mosquitto_reason_string(reason)) + " (" + std::to_string(reason) + ")";
}

/// What the broker's access list speaks about: events, or a state by its name.
std::string topicClass(const LogRow& row) { return row.kind == LogRow::Kind::event ? "event/" + row.name : row.name + "/" + row.deck; }

struct Library {
    Library() { mosquitto_lib_init(); }
    ~Library() { mosquitto_lib_cleanup(); }
};

} // namespace

std::string nodeName(const std::string& configured, UnitOfWork& store) {
    if (!configured.empty())
        return configured;
    constexpr std::string_view key = "mqtt.node";
    return store.write([&](Tx& tx) {
        if (const auto kept = tx.settings.get(key))
            return *kept;
        std::random_device source;
        constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
        std::string made = "box-";
        for (int i = 0; i < 6; ++i)
            made += letters[source() % letters.size()];
        tx.settings.set(key, made);
        return made;
    });
}

MqttService::MqttService(Config config, UnitOfWork& store, const Clock& clock, CommandSink& commands, const BoxFacts& box)
    : config_(std::move(config)), topics_(config_), store_(store), clock_(clock), box_(box), publications_(topics_, config_, box),
      commands_(topics_, store, clock, commands, [this] { republish(); }), wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      random_(std::random_device{}()) {
    if (wake_fd_ < 0)
        throw Error(ErrorCode::internal, "no descriptor left for the link to the broker");
}

MqttService::~MqttService() { ::close(wake_fd_); }

void MqttService::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one); // full means: awake already
}

LinkStatus MqttService::status() const {
    const std::scoped_lock lock(status_mutex_);
    return status_;
}

void MqttService::problem(const std::string& words) {
    const std::scoped_lock lock(status_mutex_);
    if (status_.problem != words && !words.empty())
        spdlog::warn("mqtt: problem words={}", words);
    status_.problem = words;
    status_.connected = connected_;
}

void MqttService::run(std::stop_token stop) {
    const Library library;
    const std::stop_callback waking(stop, [this] { wake(); });
    while (!stop.stop_requested()) {
        try {
            connect(stop);
            if (connected_)
                serve(stop);
        } catch (const Error& error) {
            problem(error.message());
        }
        if (connected_) {
            send(publications_.status(false));
            link_->disconnect();
        }
        strikeOut(true);
        link_.reset();
        connected_ = false;
        tickets_.clear();
        under_way_.clear();
        if (!stop.stop_requested())
            backOff(stop);
    }
}

void MqttService::connect(const std::stop_token& stop) {
    const std::string tail = std::to_string(random_() % 9000 + 1000);
    last_end_ = {};
    link_ = std::make_unique<Link>(config_, "gatefold-" + config_.node + "-" + tail, publications_.status(false), version5_,
                                   static_cast<LinkListener&>(*this));
    if (const auto why = link_->connect()) {
        problem(*why);
        return;
    }
    const MonoTime began = clock_.now().mono;
    while (!connected_ && !stop.stop_requested() && link_->step(wake_fd_, 200ms))
        if (clock_.now().mono - began > 10s) {
            problem("The broker does not answer.");
            return;
        }
    if (!connected_ && last_end_.reason == 0 && version5_)
        version5_ = false; // it hung up without a word: older brokers do that to MQTT 5
    else if (!connected_ && last_end_.refused_version)
        version5_ = false;
}

void MqttService::onConnected() {
    connected_ = true;
    connected_at_ = clock_.now().mono;
    problem("");
    spdlog::info("mqtt: connected host={} port={} version={}", config_.host, config_.port, version5_ ? "5" : "3.1.1");
    link_->subscribe(topics_.commands());
    if (config_.discovery != Discovery::off) {
        link_->subscribe(config_.discovery_prefix + "/status");
        if (!strangers_sought_)
            for (const std::string& filter : discoveryFilters(config_))
                link_->subscribe(filter);
        strangers_until_ = connected_at_ + strangersFor;
    }
    publications_.forgetMirror();
    republish();
}

void MqttService::onEnd(const LinkEnd& end) {
    last_end_ = end;
    if (connected_) {
        const std::scoped_lock lock(status_mutex_);
        ++status_.reconnects;
    }
    connected_ = false;
    problem(end.words);
    if (!end.taken_over)
        return;
    const MonoTime now = clock_.now().mono;
    takeovers_ = now - takeover_at_ < 1min ? takeovers_ + 1 : 1;
    takeover_at_ = now;
}

void MqttService::serve(const std::stop_token& stop) {
    while (connected_ && !stop.stop_requested()) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
        pump();
        atTheirTime();
        strikeOut(false);
        const auto timeout = acknowledged_.empty() ? std::chrono::milliseconds(birth_at_ == MonoTime{} ? 1000ms : 200ms) : strikeAfter;
        if (!link_->step(wake_fd_, timeout))
            return;
    }
}

void MqttService::pump() {
    if (under_way_.size() >= mostUnderWay / 2)
        return;
    const Now now = clock_.now();
    const auto rows = store_.write([&](Tx& tx) { return tx.outbox.due(sink, now.wall, rowsAtOnce); });
    for (const OutboxRow& row : rows) {
        if (under_way_.size() >= mostUnderWay || !connected_)
            return;
        const bool struck = std::find(acknowledged_.begin(), acknowledged_.end(), row.log.seq) != acknowledged_.end();
        if (struck || under_way_.contains(row.log.seq))
            continue;
        const auto held = held_.find(topicClass(row.log));
        if (held != held_.end() && now.mono < held->second)
            continue;
        publishRow(row);
    }
}

void MqttService::publishRow(const OutboxRow& row) {
    const auto messages = publications_.of(row.log);
    UnderWay& waiting = under_way_[row.log.seq];
    waiting.stream = row.stream;
    waiting.attempts = row.attempts;
    waiting.since = clock_.now().mono;
    for (const Message& message : messages) {
        const Link::Published published = link_->publish(message);
        if (published.refused != 0) {
            waiting.refused = published.refused;
            continue;
        }
        ++waiting.messages_left;
        tickets_[published.ticket] = row.log.seq;
    }
    if (waiting.messages_left == 0) {
        const UnderWay done = waiting;
        under_way_.erase(row.log.seq);
        finishRow(row.log.seq, done);
    }
}

void MqttService::onAcknowledged(int ticket, int reason) {
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end())
        return;
    const std::int64_t seq = found->second;
    tickets_.erase(found);
    const auto waiting = under_way_.find(seq);
    if (waiting == under_way_.end())
        return;
    if (reason >= 0x80)
        waiting->second.refused = reason;
    if (--waiting->second.messages_left > 0)
        return;
    const UnderWay done = waiting->second;
    under_way_.erase(waiting);
    finishRow(seq, done);
}

void MqttService::finishRow(std::int64_t seq, UnderWay row) {
    if (row.refused == 0) {
        if (acknowledged_.empty())
            acknowledged_since_ = clock_.now().mono;
        acknowledged_.push_back(seq);
        return;
    }
    const Now now = clock_.now();
    store_.write([&](Tx& tx) {
        const auto rows = tx.events.after(seq - 1, 1);
        if (isPoison(row.refused)) {
            spdlog::error("mqtt: message parked seq={} reason={}", seq, words(row.refused));
            tx.outbox.park(sink, seq, words(row.refused));
        } else if (row.refused == notAuthorised) {
            if (!rows.empty())
                held_[topicClass(rows.front())] = now.mono + heldFor;
            tx.outbox.retryLater(sink, seq, now.wall + heldFor, words(row.refused));
            problem("The broker forbids one of our topics; look at its access list.");
        } else {
            const int attempts = row.attempts + 1;
            if (attempts >= mostAttempts)
                tx.outbox.park(sink, seq, words(row.refused));
            else
                tx.outbox.retryLater(sink, seq, now.wall + std::min<Millis>(Millis(1000) * (1 << std::min(attempts, 6)), 60s), words(row.refused));
        }
    });
}

void MqttService::strikeOut(bool at_once) {
    if (acknowledged_.empty())
        return;
    const Now now = clock_.now();
    if (!at_once && acknowledged_.size() < strikeAt && now.mono - acknowledged_since_ < strikeAfter)
        return;
    try {
        store_.write([&](Tx& tx) { tx.outbox.done(sink, acknowledged_, now.wall); });
        acknowledged_.clear();
    } catch (const Error& error) {
        spdlog::error("mqtt: marks not kept reason={}", error.message()); // losing a mark only repeats a message
    }
}

void MqttService::send(const Message& message) {
    if (link_)
        link_->publish(message);
}

void MqttService::republish() {
    const Now now = clock_.now();
    send(publications_.status(true));
    store_.read([&](const ReadTx& tx) {
        const std::int64_t newest = tx.events.newest();
        send(publications_.info(tx.decks.all(), newest, now.wall));
        for (const LogRow& row : tx.events.currentStates())
            for (const Message& message : publications_.of(row))
                send(message);
    });
    sayDiscovery();
    sayHealth();
}

void MqttService::sayDiscovery() {
    const auto decks = store_.read([](const ReadTx& tx) { return tx.decks.all(); });
    const auto messages = discovery(config_, topics_, decks, box_);
    own_configurations_.clear();
    for (const Message& message : messages) {
        own_configurations_.insert(message.topic);
        send(message);
    }
    // What an earlier start published and this one does not is cleared, whether or not the broker is asked in time.
    const auto remembered = store_.read([](const ReadTx& tx) { return tx.outbox.rememberedTopics(); });
    const std::set<std::string> before(remembered.begin(), remembered.end());
    if (before == own_configurations_)
        return;
    store_.write([&](Tx& tx) {
        for (const std::string& topic : before)
            if (!own_configurations_.contains(topic)) {
                send({topic, "", 1, true, {}, {}, {}, {}});
                tx.outbox.forgetTopic(topic);
            }
        for (const std::string& topic : own_configurations_)
            tx.outbox.rememberTopic(topic);
    });
}

void MqttService::sayHealth() {
    const Now now = clock_.now();
    health_at_ = now.mono + healthEvery;
    const LinkStatus link = status();
    store_.read([&](const ReadTx& tx) {
        send(publications_.health(tx.outbox.stats(sink, now.wall), link.reconnects, tx.events.newest(), now.wall));
    });
}

void MqttService::onMessage(const Received& message) {
    if (message.topic == config_.discovery_prefix + "/status") {
        // Home Assistant was born: answer after two to ten seconds, as not to be one of many at once.
        if (message.payload == "online" && !message.retained)
            birth_at_ = clock_.now().mono + Millis(2000 + static_cast<int>(random_() % 8000));
        return;
    }
    if (message.topic.starts_with(config_.discovery_prefix + "/")) {
        if (message.retained && !message.payload.empty() && !own_configurations_.contains(message.topic) && isOurs(config_, message.payload))
            send({message.topic, "", 1, true, {}, {}, {}, {}});
        return;
    }
    for (const Message& answer : commands_.handle(message))
        send(answer);
}

void MqttService::forgetStrangers() {
    strangers_sought_ = true;
    for (const std::string& filter : discoveryFilters(config_))
        link_->unsubscribe(filter);
}

void MqttService::atTheirTime() {
    const MonoTime now = clock_.now().mono;
    if (now >= health_at_)
        sayHealth();
    if (birth_at_ != MonoTime{} && now >= birth_at_) {
        birth_at_ = {};
        publications_.forgetMirror();
        republish();
    }
    if (!strangers_sought_ && now >= strangers_until_)
        forgetStrangers();
    for (const auto& [seq, row] : under_way_)
        if (now - row.since > acknowledgeWithin) {
            problem("The broker does not acknowledge; connecting anew.");
            connected_ = false;
            return;
        }
}

void MqttService::backOff(const std::stop_token& stop) {
    const MonoTime now = clock_.now().mono;
    if (takeovers_ >= 2) {
        problem("Another box uses our name on this broker. Give this one another mqtt.node and restart it.");
        while (!stop.stop_requested()) {
            pollfd waiting{wake_fd_, POLLIN, 0};
            ::poll(&waiting, 1, 60'000);
            std::uint64_t count = 0;
            [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
        }
        return;
    }
    if (connected_at_ != MonoTime{} && now - connected_at_ > steadyAfter)
        pause_ = 1s;
    connected_at_ = {};
    auto wait = std::chrono::milliseconds(random_() % static_cast<unsigned>(pause_.count()) + 1); // full jitter
    if (last_end_.bad_credentials)
        wait = badCredentialsPause + std::chrono::milliseconds(random_() % 240'000);
    pause_ = std::min<std::chrono::milliseconds>(pause_ * 2, longestPause);
    // Commits wake, too: only the stop cuts the pause short.
    for (const MonoTime until = now + wait; !stop.stop_requested() && clock_.now().mono < until;) {
        pollfd waiting{wake_fd_, POLLIN, 0};
        ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>((until - clock_.now().mono).count() + 1, 1000)));
        std::uint64_t count = 0;
        [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
    }
}

} // namespace gatefold::mqtt
