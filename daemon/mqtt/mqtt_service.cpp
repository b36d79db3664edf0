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

constexpr auto healthEvery = 60s;
constexpr auto strangersFor = 5s;
constexpr auto longestPause = 60s;
constexpr auto badCredentialsPause = 60s;
constexpr auto takeoverPause = 10min;
constexpr int mostTakeovers = 2;  ///< within a minute; then somebody else has the name
constexpr int suspiciousEnds = 2; ///< early ends in a row that deserve words of their own
constexpr auto steadyAfter = 30s;
constexpr auto goodbyeWithin = 2s;
constexpr auto refusedPause = 60s;

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
      publications_(topics_, box),
      deliveries_(config_, store, clock, publications_),
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

void MqttService::run(const std::stop_token& stop) {
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
        deliveries_.end();
        link_.reset();
        connected_ = false;
        if (!stop.stop_requested())
            backOff(stop);
    }
}

void MqttService::connect(const std::stop_token& stop) {
    tryVersion(true, stop);
    // Older brokers refuse MQTT 5, or hang up without a word. The next connection asks again.
    const bool never_welcomed = connected_at_ == MonoTime{};
    const bool hung_up = last_end_.reason == 0 && !last_end_.words.empty();
    if (never_welcomed && !stop.stop_requested() && (last_end_.refused_version || hung_up))
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
        const auto ticket = deliveries_.send(publications_.status(false));
        const MonoTime began = clock_.now().mono;
        while (connected_ && ticket && deliveries_.awaits(*ticket) &&
               clock_.now().mono - began < goodbyeWithin) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto cleared = ::read(wake_fd_, &count, sizeof count);
            link_->step(wake_fd_, 100ms);
        }
        if (connected_ && ticket && !deliveries_.awaits(*ticket))
            link_->disconnect();
    } catch (const Error& error) {
        spdlog::warn("mqtt: left without a good-bye reason={}", error.message());
    }
}

void MqttService::onConnected() {
    connected_ = true;
    connected_at_ = clock_.now().mono;
    deliveries_.begin(*link_, early_ends_ > 0);
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
        if (::read(wake_fd_, &count, sizeof count) > 0)
            deliveries_.wake();
        deliveries_.pump();
        atTheirTime();
        deliveries_.strikeOut(false);
        const bool soon = deliveries_.marked() || republish_at_ != MonoTime{};
        if (!link_->step(wake_fd_, soon ? 200ms : 1000ms))
            return;
    }
}

/// What is wrong while the connection is there.
std::string MqttService::standingProblem() const {
    if (std::string forbidden = deliveries_.heldWords(); !forbidden.empty())
        return forbidden;
    if (early_ends_ < suspiciousEnds)
        return {};
    return "The broker hangs up on us again and again. Look in its log whether another client uses "
           "our name " +
           client_id_ + ".";
}

void MqttService::onAcknowledged(int ticket, int reason) {
    const auto done = deliveries_.acknowledged(ticket, reason);
    if (!done)
        return;
    if (done->topic == topics_.info() && done->taken)
        info_taken_ = true;
    if (done->come_again && republish_at_ == MonoTime{})
        republish_at_ = clock_.now().mono + refusedPause;
}

void MqttService::republish() {
    const Now now = clock_.now();
    publications_.forgetMirror();
    std::vector<Message> retained{publications_.status(true), publications_.update()};
    const auto decks = store_.read([](const ReadTx& tx) { return tx.decks.all(); });
    publications_.configured(decks);
    store_.read([&](const ReadTx& tx) {
        retained.push_back(publications_.info(decks, tx.events.newest(), now.wall));
        for (const LogRow& row : tx.events.currentStates())
            for (Message& message : deliveries_.messagesOf(row))
                retained.push_back(std::move(message));
    });
    const auto configurations = discovery(config_, topics_, decks, box_);
    own_configurations_.clear();
    for (const Message& message : configurations)
        own_configurations_.insert(message.topic);
    retained.insert(retained.end(), configurations.begin(), configurations.end());
    // Before the new ones: Home Assistant refuses an id that another configuration still holds.
    auto messages = clearingForgotten(retained);
    messages.insert(messages.end(), std::make_move_iterator(retained.begin()),
                    std::make_move_iterator(retained.end()));
    deliveries_.queue(std::move(messages));
    sayHealth();
}

/// What an earlier start published and this one does not is cleared (a deck that left, another
/// form of discovery, another node), whether or not the broker is asked in time. A topic is
/// forgotten when the broker took the empty message.
std::vector<Message> MqttService::clearingForgotten(const std::vector<Message>& retained) {
    std::vector<Message> clearing;
    std::set<std::string> own{topics_.health()};
    for (const Message& message : retained)
        own.insert(message.topic);
    const auto remembered =
        store_.read([](const ReadTx& tx) { return tx.outbox.rememberedTopics(); });
    const std::set<std::string> before(remembered.begin(), remembered.end());
    for (const std::string& topic : before)
        if (!own.contains(topic))
            clearing.push_back({topic, "", 1, true, {}, {}, {}, {}});
    if (!std::includes(before.begin(), before.end(), own.begin(), own.end()))
        store_.write([&](Tx& tx) {
            for (const std::string& topic : own)
                tx.outbox.rememberTopic(topic);
        });
    return clearing;
}

void MqttService::sayHealth() {
    const Now now = clock_.now();
    health_at_ = now.mono + healthEvery;
    const LinkStatus link = status();
    store_.read([&](const ReadTx& tx) {
        deliveries_.send(publications_.health(tx.outbox.stats(Deliveries::sink, now.wall), link,
                                              tx.events.newest(), now.wall));
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
            republish_at_ = clock_.now().mono + Millis(2000 + static_cast<int>(random_() % 8000));
        return;
    }
    if (message.topic.starts_with(config_.discovery_prefix + "/")) {
        if (message.retained && !message.payload.empty() &&
            !own_configurations_.contains(message.topic) && isOurs(config_, message.payload))
            deliveries_.send({message.topic, "", 1, true, {}, {}, {}, {}});
        return;
    }
    for (const Message& answer : commands_.handle(message))
        deliveries_.send(answer);
}

void MqttService::forgetStrangers() {
    strangers_sought_ = true;
    for (const std::string& filter : discoveryFilters(config_))
        link_->unsubscribe(filter);
}

void MqttService::atTheirTime() {
    const MonoTime now = clock_.now().mono;
    if (deliveries_.tookTrouble()) {
        problem(standingProblem());
        health_at_ = {};
    }
    if (now >= health_at_)
        sayHealth();
    if (republish_at_ != MonoTime{} && now >= republish_at_) {
        republish_at_ = {};
        republish();
    }
    if (!strangers_sought_ && now >= strangers_until_)
        forgetStrangers();
    if (early_ends_ > 0 && now - connected_at_ > steadyAfter) {
        early_ends_ = 0;
        deliveries_.trust();
        problem(standingProblem());
        health_at_ = {};
    }
    // The access list may be another by now: the retained topics go again, rows come by themselves.
    if (deliveries_.releaseHeld()) {
        problem(standingProblem());
        republish();
    }
    if (deliveries_.overdue()) {
        connected_ = false;
        problem("The broker does not acknowledge; connecting anew.");
    }
}

void MqttService::backOff(const std::stop_token& stop) {
    const MonoTime now = clock_.now().mono;
    const MonoTime connected_at = std::exchange(connected_at_, {});
    if (takeovers_ >= mostTakeovers) {
        takeovers_ = 0;
        problem("Another client uses our name " + client_id_ +
                " on this broker. If it is a Gatefold too, give this one another mqtt.node and "
                "restart it. Next try within 15 minutes.");
        rest(takeoverPause + std::chrono::milliseconds(random_() % 300'000), stop);
        return;
    }
    if (connected_at != MonoTime{} && now - connected_at > steadyAfter)
        pause_ = 1s;
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
