#include "mqtt/mqtt_service.hpp"

#include "core/error.hpp"
#include "mqtt/home_assistant.hpp"
#include "json/value.hpp"

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
constexpr int rowsPastHeld = 5000; ///< rows of forbidden topics do not hide the others
constexpr auto strikeAfter = 250ms;
constexpr std::size_t strikeAt = 50;
constexpr auto acknowledgeWithin = 30s;
constexpr auto healthEvery = 60s;
constexpr auto strangersFor = 5s;
constexpr auto heldFor = 5min;
constexpr int mostAttempts = 20;
constexpr auto longestPause = 60s;
constexpr auto badCredentialsPause = 60s;
constexpr auto takeoverPause = 10min;
constexpr int mostTakeovers = 2;  ///< within a minute; then somebody else has the name
constexpr int suspiciousEnds = 2; ///< early ends in a row that deserve words of their own
constexpr auto steadyAfter = 30s;
constexpr auto goodbyeWithin = 2s;

constexpr int notAuthorised = 0x87;

/// Refusals of a message that no repetition cures (MQTT 5, 4.13 and 3.4.2.1): topic invalid, packet
/// too large, payload invalid.
bool isPoison(int reason) {
    return reason == 0x90 || reason == 0x95 || reason == 0x99;
}

std::string words(int reason) {
    return std::string(mosquitto_reason_string(reason)) + " (" + std::to_string(reason) + ")";
}

/// What an access list speaks about: a topic; all plain-text values of a deck and all discovery
/// stand for one another, so that a broker that hangs up at each refusal does so once.
std::string topicClass(const std::string& topic, const Config& config) {
    if (topic.starts_with(config.discovery_prefix + "/"))
        return config.discovery_prefix;
    return topic.substr(0, std::min(topic.size(), topic.find("/value/")));
}

/// The `boot_id` of an `info` document; empty when there is none.
std::string bootOf(std::string_view info) {
    try {
        const json::Value document = json::parse(info);
        const json::Value* boot = document.find("boot_id");
        return boot && boot->string() ? *boot->string() : "";
    } catch (const Error&) {
        return {};
    }
}

/// A short random name, made once and kept under `key`.
std::string keptName(UnitOfWork& store, std::string_view key, std::string_view prefix,
                     std::string_view letters, int length) {
    return store.write([&](Tx& tx) {
        if (const auto kept = tx.settings.get(key))
            return *kept;
        std::random_device source;
        std::string made(prefix);
        for (int i = 0; i < length; ++i)
            made += letters[source() % letters.size()];
        tx.settings.set(key, made);
        return made;
    });
}

struct Library {
    Library() { mosquitto_lib_init(); }
    ~Library() { mosquitto_lib_cleanup(); }
};

} // namespace

std::string nodeName(const std::string& configured, UnitOfWork& store) {
    if (!configured.empty())
        return configured;
    return keptName(store, "mqtt.node", "box-", "0123456789abcdefghjkmnpqrstvwxyz", 6);
}

MqttService::MqttService(Config config, UnitOfWork& store, const Clock& clock,
                         CommandSink& commands, const BoxFacts& box)
    : config_(std::move(config)),
      client_id_("gatefold-" + config_.node + "-" +
                 keptName(store, "mqtt.client_tail", "", "0123456789abcdef", 4)),
      topics_(config_),
      store_(store),
      clock_(clock),
      box_(box),
      publications_(topics_, config_, box),
      commands_(topics_, store, clock, commands, [this] { republish(); }),
      wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      random_(std::random_device{}()) {
    if (wake_fd_ < 0)
        throw Error(ErrorCode::internal, "no descriptor left for the link to the broker");
}

MqttService::~MqttService() {
    ::close(wake_fd_);
}

void MqttService::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written =
        ::write(wake_fd_, &one, sizeof one); // full means: awake already
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
        if (connected_)
            sayGoodbye();
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
    tryVersion(true, stop);
    // Older brokers refuse MQTT 5, or hang up without a word. The next connection asks again.
    const bool hung_up = last_end_.reason == 0 && !last_end_.words.empty();
    if (!connected_ && !stop.stop_requested() && (last_end_.refused_version || hung_up))
        tryVersion(false, stop);
}

void MqttService::tryVersion(bool version5, const std::stop_token& stop) {
    last_end_ = {};
    link_ = std::make_unique<Link>(config_, client_id_, publications_.status(false), version5,
                                   static_cast<LinkListener&>(*this));
    if (const auto why = link_->connect()) {
        early_ends_ = 0; // a broker that is away hangs up on nobody
        problem(*why);
        return;
    }
    const MonoTime began = clock_.now().mono;
    while (!connected_ && !stop.stop_requested() && link_->step(wake_fd_, 200ms))
        if (clock_.now().mono - began > 10s) {
            problem("The broker does not answer.");
            return;
        }
}

/// Waits for the acknowledgement: behind a full window the message would stay here. Without one the
/// connection is dropped, and the broker sends the will.
void MqttService::sayGoodbye() {
    try {
        const int ticket = link_->publish(publications_.status(false)).ticket;
        tickets_[ticket] = {0, topics_.status(), false};
        const MonoTime began = clock_.now().mono;
        while (connected_ && tickets_.contains(ticket) &&
               clock_.now().mono - began < goodbyeWithin) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
            link_->step(wake_fd_, 100ms);
        }
        if (connected_ && !tickets_.contains(ticket))
            link_->disconnect();
    } catch (const Error& error) {
        spdlog::warn("mqtt: left without a good-bye reason={}", error.message());
    }
}

void MqttService::onConnected() {
    connected_ = true;
    connected_at_ = clock_.now().mono;
    problem(standingProblem());
    spdlog::info("mqtt: connected host={} port={} version={}", config_.host, config_.port,
                 link_->version5() ? "5" : "3.1.1");
    link_->subscribe(topics_.info()); // before ours goes out: tells who else was here
    link_->subscribe(topics_.commands(), true);
    if (config_.discovery != Discovery::off) {
        link_->subscribe(config_.discovery_prefix + "/status");
        if (!strangers_sought_)
            for (const std::string& filter : discoveryFilters(config_))
                link_->subscribe(filter);
        strangers_until_ = connected_at_ + strangersFor;
    }
    republish();
}

void MqttService::onEnd(const LinkEnd& end) {
    last_end_ = end;
    if (connected_) {
        early_ends_ = clock_.now().mono - connected_at_ < steadyAfter ? early_ends_ + 1 : 0;
        const std::scoped_lock lock(status_mutex_);
        ++status_.reconnects;
    }
    connected_ = false;
    problem(end.words);
    takeover_told_ = end.taken_over;
    if (end.taken_over)
        countTakeover();
}

void MqttService::countTakeover() {
    const MonoTime now = clock_.now().mono;
    takeovers_ = now - takeover_at_ < 1min ? takeovers_ + 1 : 1;
    takeover_at_ = now;
}

/// mosquitto 2.0 hangs up on the older of two clients of one name without a word; the other box has
/// left its `info` in the place of ours by then. What lay there before this process came does not
/// count: it is this box's past, or the elder of two boxes, which sees the same and gives way.
void MqttService::compareBoot(const Received& info) {
    link_->unsubscribe(topics_.info());
    if (!info.retained)
        return; // our own, back from the broker
    const std::string boot = bootOf(info.payload);
    if (!info_taken_)
        boot_before_ = boot;
    if (boot == box_.bootId() || boot == boot_before_ || takeover_told_)
        return;
    countTakeover();
    if (takeovers_ >= mostTakeovers)
        connected_ = false;
}

void MqttService::serve(const std::stop_token& stop) {
    while (connected_ && !stop.stop_requested()) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
        pump();
        atTheirTime();
        strikeOut(false);
        const auto timeout =
            acknowledged_.empty()
                ? std::chrono::milliseconds(birth_at_ == MonoTime{} ? 1000ms : 200ms)
                : strikeAfter;
        if (!link_->step(wake_fd_, timeout))
            return;
    }
}

void MqttService::pump() {
    // One at a time after a connection that broke early: a broker that hangs up behind its refusal
    // tells which message it was only while none follows.
    const bool careful = early_ends_ > 0;
    const std::size_t most = careful ? 1 : mostUnderWay;
    if (under_way_.size() > most / 2 || (careful && !tickets_.empty()))
        return;
    const Now now = clock_.now();
    const auto rows = store_.write([&](Tx& tx) {
        return tx.outbox.due(sink, now.wall, held_.empty() ? rowsAtOnce : rowsPastHeld);
    });
    for (const OutboxRow& row : rows) {
        if (under_way_.size() >= most || !connected_)
            return;
        const bool struck = std::find(acknowledged_.begin(), acknowledged_.end(), row.log.seq) !=
                            acknowledged_.end();
        if (struck || under_way_.contains(row.log.seq))
            continue;
        if (!isHeld(publications_.topicOf(row.log)))
            publishRow(row);
    }
}

void MqttService::publishRow(const OutboxRow& row) {
    const auto messages = messagesOf(row.log);
    UnderWay& waiting = under_way_[row.log.seq];
    waiting.topic = publications_.topicOf(row.log);
    waiting.attempts = row.attempts;
    waiting.since = clock_.now().mono;
    for (const Message& message : messages) {
        const Link::Published published = link_->publish(message);
        if (published.refused != 0) {
            waiting.refused = published.refused;
            continue;
        }
        ++waiting.messages_left;
        tickets_[published.ticket] = {row.log.seq, message.topic, false};
    }
    if (waiting.messages_left == 0) {
        const UnderWay done = waiting;
        under_way_.erase(row.log.seq);
        finishRow(row.log.seq, done);
    }
}

/// None for a deck that left the configuration, and none on a forbidden topic beside the row's own.
std::vector<Message> MqttService::messagesOf(const LogRow& row) {
    if (row.kind == LogRow::Kind::state && !row.deck.empty() && !decks_.contains(row.deck))
        return {};
    auto messages = publications_.of(row, clock_.now().wall);
    std::erase_if(messages, [&](const Message& message) { return isHeld(message.topic); });
    return messages;
}

bool MqttService::isHeld(const std::string& topic) const {
    return held_.contains(topicClass(topic, config_));
}

/// What is wrong while the connection is there.
std::string MqttService::standingProblem() const {
    if (held_.empty())
        return early_ends_ < suspiciousEnds
                   ? ""
                   : "The broker hangs up on us again and again. Look in its log whether another "
                     "client uses our name " +
                         client_id_ + ".";
    std::string topics;
    for (const auto& [topic, until] : held_)
        topics += (topics.empty() ? "" : ", ") + topic;
    return "The broker forbids " + topics + "; look at its access list.";
}

void MqttService::hold(const std::string& topic) {
    held_[topicClass(topic, config_)] = clock_.now().mono + heldFor;
    problem(standingProblem());
    health_at_ = {}; // tells it at once
}

void MqttService::onAcknowledged(int ticket, int reason) {
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end())
        return;
    const Ticket done = found->second;
    tickets_.erase(found);
    if (reason == notAuthorised)
        hold(done.topic);
    else if (done.clears && reason < 0x80)
        store_.write([&](Tx& tx) { tx.outbox.forgetTopic(done.topic); });
    if (done.topic == topics_.info() && reason < 0x80)
        info_taken_ = true;
    const auto waiting = under_way_.find(done.seq);
    if (waiting == under_way_.end())
        return;
    // A forbidden topic beside the row's own (the flat mirror, the cover) does not hold the row.
    if (reason >= 0x80 && (reason != notAuthorised || done.topic == waiting->second.topic))
        waiting->second.refused = reason;
    if (--waiting->second.messages_left > 0)
        return;
    const UnderWay row = waiting->second;
    under_way_.erase(waiting);
    finishRow(done.seq, row);
}

void MqttService::finishRow(std::int64_t seq, const UnderWay& row) {
    if (row.refused == 0) {
        if (acknowledged_.empty())
            acknowledged_since_ = clock_.now().mono;
        acknowledged_.push_back(seq);
        return;
    }
    if (row.refused == notAuthorised)
        return; // waits as it is: marked at the row, it would hold the deck's other topics, too
    const Now now = clock_.now();
    const int attempts = row.attempts + 1;
    const bool give_up = isPoison(row.refused) || attempts >= mostAttempts;
    if (give_up)
        spdlog::error("mqtt: message parked seq={} reason={}", seq, words(row.refused));
    store_.write([&](Tx& tx) {
        if (give_up)
            tx.outbox.park(sink, seq, words(row.refused));
        else
            tx.outbox.retryLater(
                sink, seq,
                now.wall + std::min<Millis>(Millis(1000) * (1 << std::min(attempts, 6)), 60s),
                words(row.refused));
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
        spdlog::error("mqtt: marks not kept reason={}",
                      error.message()); // losing a mark only repeats a message
    }
}

void MqttService::send(const Message& message) {
    if (!link_ || isHeld(message.topic))
        return;
    const Link::Published published = link_->publish(message);
    if (message.qos > 0 && published.refused == 0)
        tickets_[published.ticket] = {0, message.topic, message.retain && message.payload.empty()};
}

void MqttService::republish() {
    const Now now = clock_.now();
    publications_.forgetMirror();
    std::vector<Message> retained{publications_.status(true), publications_.update()};
    const auto decks = store_.read([](const ReadTx& tx) { return tx.decks.all(); });
    decks_.clear();
    for (const Deck& deck : decks)
        decks_.insert(deck.id);
    store_.read([&](const ReadTx& tx) {
        retained.push_back(publications_.info(decks, tx.events.newest(), now.wall));
        for (const LogRow& row : tx.events.currentStates())
            for (Message& message : messagesOf(row))
                retained.push_back(std::move(message));
    });
    const auto configurations = discovery(config_, topics_, decks, box_);
    own_configurations_.clear();
    for (const Message& message : configurations)
        own_configurations_.insert(message.topic);
    retained.insert(retained.end(), configurations.begin(), configurations.end());
    // Before the new ones: Home Assistant refuses an id that another configuration still holds.
    clearForgotten(retained);
    for (const Message& message : retained)
        send(message);
    sayHealth();
}

/// What an earlier start published and this one does not is cleared (a deck that left, another
/// form of discovery, another node), whether or not the broker is asked in time. A topic is
/// forgotten when the broker took the empty message.
void MqttService::clearForgotten(const std::vector<Message>& retained) {
    std::set<std::string> own{topics_.health()};
    for (const Message& message : retained)
        own.insert(message.topic);
    const auto remembered =
        store_.read([](const ReadTx& tx) { return tx.outbox.rememberedTopics(); });
    const std::set<std::string> before(remembered.begin(), remembered.end());
    for (const std::string& topic : before)
        if (!own.contains(topic) && !isHeld(topic))
            send({topic, "", 1, true, {}, {}, {}, {}});
    if (std::includes(before.begin(), before.end(), own.begin(), own.end()))
        return;
    store_.write([&](Tx& tx) {
        for (const std::string& topic : own)
            tx.outbox.rememberTopic(topic);
    });
}

void MqttService::sayHealth() {
    const Now now = clock_.now();
    health_at_ = now.mono + healthEvery;
    const LinkStatus link = status();
    store_.read([&](const ReadTx& tx) {
        send(publications_.health(tx.outbox.stats(sink, now.wall), link, tx.events.newest(),
                                  now.wall));
    });
}

void MqttService::onMessage(const Received& message) {
    if (message.topic == topics_.info()) {
        compareBoot(message);
        return;
    }
    if (message.topic == config_.discovery_prefix + "/status") {
        // Home Assistant was born: answer after two to ten seconds, as not to be one of many at
        // once.
        if (message.payload == "online" && !message.retained)
            birth_at_ = clock_.now().mono + Millis(2000 + static_cast<int>(random_() % 8000));
        return;
    }
    if (message.topic.starts_with(config_.discovery_prefix + "/")) {
        if (message.retained && !message.payload.empty() &&
            !own_configurations_.contains(message.topic) && isOurs(config_, message.payload))
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
        republish();
    }
    if (!strangers_sought_ && now >= strangers_until_)
        forgetStrangers();
    if (early_ends_ > 0 && now - connected_at_ > steadyAfter) {
        early_ends_ = 0;
        problem(standingProblem());
        health_at_ = {}; // tells it at once
    }
    // The access list may be another by now: the retained topics go again, rows come by themselves.
    if (std::erase_if(held_, [&](const auto& held) { return held.second <= now; }) > 0) {
        problem(standingProblem());
        republish();
    }
    for (const auto& [seq, row] : under_way_)
        if (now - row.since > acknowledgeWithin) {
            connected_ = false;
            problem("The broker does not acknowledge; connecting anew.");
            return;
        }
}

void MqttService::backOff(const std::stop_token& stop) {
    const MonoTime now = clock_.now().mono;
    if (takeovers_ >= mostTakeovers) {
        takeovers_ = 0;
        problem("Another client uses our name " + client_id_ +
                " on this broker. If it is a Gatefold too, give this one another mqtt.node and "
                "restart it. Next try within 15 minutes.");
        rest(takeoverPause + std::chrono::milliseconds(random_() % 300'000), stop);
        return;
    }
    if (connected_at_ != MonoTime{} && now - connected_at_ > steadyAfter)
        pause_ = 1s;
    connected_at_ = {};
    auto wait = std::chrono::milliseconds(random_() % static_cast<unsigned>(pause_.count()) +
                                          1); // full jitter
    if (last_end_.bad_credentials)
        wait = badCredentialsPause + std::chrono::milliseconds(random_() % 240'000);
    pause_ = std::min<std::chrono::milliseconds>(pause_ * 2, longestPause);
    rest(wait, stop);
}

/// Commits wake, too: only the stop cuts the pause short.
void MqttService::rest(std::chrono::milliseconds wait, const std::stop_token& stop) {
    for (const MonoTime until = clock_.now().mono + wait;
         !stop.stop_requested() && clock_.now().mono < until;) {
        pollfd waiting{wake_fd_, POLLIN, 0};
        ::poll(&waiting, 1,
               static_cast<int>(
                   std::min<std::int64_t>((until - clock_.now().mono).count() + 1, 1000)));
        std::uint64_t count = 0;
        [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
    }
}

} // namespace gatefold::mqtt
