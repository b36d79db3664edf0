#include "mqtt/deliveries.hpp"

#include "core/error.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <mosquitto.h>
#include <utility>

namespace gatefold::mqtt {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t mostUnderWay = 20; ///< messages; one row more may go on top
constexpr int rowsAtOnce = 200;
constexpr int mostReach = 200'000; ///< as many as the outbox holds
/// A lost wake, or a row to be tried again, waits no longer; with rows of forbidden topics to look
/// past, a little longer.
constexpr auto lookEvery = 1s;
constexpr auto lookPastHeldEvery = 5s;
constexpr auto strikeAfter = 250ms;
constexpr std::size_t strikeAt = 200;
constexpr auto acknowledgeWithin = 30s;
constexpr auto heldFor = 5min;
constexpr int mostAttempts = 20;
constexpr Millis longestRetry = 60s;

constexpr int refusals = 0x80; ///< reasons from here on (MQTT 5, 2.4)

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

} // namespace

void Deliveries::begin(Link& link, bool careful) {
    link_ = &link;
    careful_ = careful;
    look_ = true;
}

void Deliveries::end() {
    strikeOut(true);
    link_ = nullptr;
    queued_.clear();
    ready_.clear();
    tickets_.clear();
    under_way_.clear();
}

bool Deliveries::room() const {
    return tickets_.size() < (careful_ ? 1 : mostUnderWay);
}

void Deliveries::pump() {
    for (; !queued_.empty() && room(); queued_.pop_front())
        send(queued_.front());
    const Now now = clock_.now();
    if (now.mono - looked_at_ > (held_.empty() ? lookEvery : lookPastHeldEvery))
        look_ = true;
    while (queued_.empty() && room()) {
        if (ready_.empty() && !readRows())
            return;
        const OutboxRow row = std::move(ready_.front());
        ready_.pop_front();
        if (!row.log.expires_at || *row.log.expires_at >= now.wall)
            publishRow(row);
    }
}

/// One look for many rows; false when none is due. Rows of forbidden topics stay in the store and
/// do not hide the others: a look that finds nothing else reaches further.
bool Deliveries::readRows() {
    while (look_ && ready_.empty()) {
        const Now now = clock_.now();
        const int limit = reach_ + static_cast<int>(under_way_.size() + acknowledged_.size());
        auto rows = store_.write([&](Tx& tx) { return tx.outbox.due(sink, now.wall, limit); });
        looked_at_ = now.mono;
        look_ = rows.size() >= static_cast<std::size_t>(limit);
        for (OutboxRow& row : rows)
            if (!acknowledged_.contains(row.log.seq) && !under_way_.contains(row.log.seq) &&
                !isHeld(publications_.topicOf(row.log)))
                ready_.push_back(std::move(row));
        if (look_ && ready_.empty())
            look_ = std::exchange(reach_, std::min(reach_ * 4, mostReach)) < mostReach;
    }
    return !ready_.empty();
}

void Deliveries::publishRow(const OutboxRow& row) {
    const auto messages = messagesOf(row.log);
    UnderWay& waiting = under_way_[row.log.seq];
    waiting.topic = publications_.topicOf(row.log);
    waiting.attempts = row.attempts;
    for (const Message& message : messages) {
        const Link::Published published = link_->publish(message);
        if (published.refused != 0) {
            waiting.refused = published.refused;
            continue;
        }
        ++waiting.messages_left;
        tickets_[published.ticket] = {row.log.seq, message.topic, message.retain, false,
                                      clock_.now().mono};
    }
    if (waiting.messages_left == 0) {
        const UnderWay done = waiting;
        under_way_.erase(row.log.seq);
        finishRow(row.log.seq, done);
    }
}

void Deliveries::queue(std::vector<Message> messages) {
    queued_.assign(std::make_move_iterator(messages.begin()),
                   std::make_move_iterator(messages.end()));
}

std::optional<int> Deliveries::send(const Message& message) {
    if (!link_ || isHeld(message.topic))
        return std::nullopt;
    const Link::Published published = link_->publish(message);
    if (message.qos == 0 || published.refused != 0)
        return std::nullopt;
    tickets_[published.ticket] = {0, message.topic, message.retain,
                                  message.retain && message.payload.empty(), clock_.now().mono};
    return published.ticket;
}

std::vector<Message> Deliveries::messagesOf(const LogRow& row) {
    auto messages = publications_.of(row, clock_.now().wall);
    std::erase_if(messages, [&](const Message& message) { return isHeld(message.topic); });
    return messages;
}

bool Deliveries::isHeld(const std::string& topic) const {
    return held_.contains(topicClass(topic, config_));
}

std::string Deliveries::heldWords() const {
    if (held_.empty())
        return {};
    std::string topics;
    for (const auto& [topic, until] : held_)
        topics += (topics.empty() ? "" : ", ") + topic;
    return "The broker forbids " + topics + "; look at its access list.";
}

void Deliveries::hold(const std::string& topic) {
    held_[topicClass(topic, config_)] = clock_.now().mono + heldFor;
    std::erase_if(ready_, [&](const OutboxRow& row) {
        return isHeld(publications_.topicOf(row.log)); // they wait in the store
    });
    trouble_ = true;
}

bool Deliveries::releaseHeld() {
    const MonoTime now = clock_.now().mono;
    if (std::erase_if(held_, [&](const auto& held) { return held.second <= now; }) == 0)
        return false;
    look_ = true;
    if (held_.empty())
        reach_ = rowsAtOnce;
    return true;
}

std::optional<Deliveries::Receipt> Deliveries::acknowledged(int ticket, int reason) {
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end())
        return std::nullopt;
    const Ticket done = found->second;
    tickets_.erase(found);
    Receipt receipt{done.topic, reason < refusals, false};
    if (reason == notAuthorised)
        hold(done.topic);
    else if (done.clears && receipt.taken)
        store_.write([&](Tx& tx) { tx.outbox.forgetTopic(done.topic); });
    const auto waiting = under_way_.find(done.seq);
    if (waiting == under_way_.end()) {
        receipt.come_again =
            done.retained && !receipt.taken && reason != notAuthorised && !isPoison(reason);
        return receipt;
    }
    // A forbidden topic beside the row's own (the flat mirror, the cover) does not hold the row.
    if (!receipt.taken && (reason != notAuthorised || done.topic == waiting->second.topic))
        waiting->second.refused = reason;
    if (--waiting->second.messages_left == 0) {
        const UnderWay row = waiting->second;
        under_way_.erase(waiting);
        finishRow(done.seq, row);
    }
    return receipt;
}

void Deliveries::finishRow(std::int64_t seq, const UnderWay& row) {
    const Now now = clock_.now();
    if (row.refused == 0) {
        if (acknowledged_.empty())
            acknowledged_since_ = now.mono;
        acknowledged_.insert(seq);
        return;
    }
    if (row.refused == notAuthorised)
        return; // waits as it is: marked at the row, it would hold the deck's other topics, too
    const int attempts = row.attempts + 1;
    const bool give_up = isPoison(row.refused) || attempts >= mostAttempts;
    if (give_up)
        spdlog::error("mqtt: message parked seq={} reason={}", seq, words(row.refused));
    trouble_ = trouble_ || give_up;
    store_.write([&](Tx& tx) {
        if (give_up)
            tx.outbox.park(sink, seq, words(row.refused));
        else
            tx.outbox.retryLater(
                sink, seq,
                now.wall + std::min(Millis(1000) * (1 << std::min(attempts, 6)), longestRetry),
                words(row.refused));
    });
    // What was read before may have to wait behind this row now.
    ready_.clear();
    look_ = true;
}

void Deliveries::strikeOut(bool at_once) {
    if (acknowledged_.empty())
        return;
    const Now now = clock_.now();
    if (!at_once && acknowledged_.size() < strikeAt && now.mono - acknowledged_since_ < strikeAfter)
        return;
    try {
        const std::vector<std::int64_t> seqs(acknowledged_.begin(), acknowledged_.end());
        store_.write([&](Tx& tx) { tx.outbox.done(sink, seqs, now.wall); });
        acknowledged_.clear();
    } catch (const Error& error) {
        spdlog::error("mqtt: marks not kept reason={}",
                      error.message()); // losing a mark only repeats a message
    }
}

bool Deliveries::overdue() const {
    const MonoTime now = clock_.now().mono;
    return std::any_of(tickets_.begin(), tickets_.end(), [&](const auto& ticket) {
        return now - ticket.second.since > acknowledgeWithin;
    });
}

} // namespace gatefold::mqtt
