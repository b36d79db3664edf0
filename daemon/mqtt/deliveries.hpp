#pragma once

#include "mqtt/config.hpp"
#include "mqtt/link.hpp"
#include "mqtt/message.hpp"
#include "mqtt/publications.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gatefold::mqtt {

/// The sink of the outbox: what is on its way to the broker. Bounded windows, so that nothing
/// queues in the library; marks, refusals and forbidden topics. One thread.
class Deliveries {
public:
    static constexpr std::string_view sink = "mqtt"; ///< its name in the outbox

    Deliveries(const Config& config, UnitOfWork& store, const Clock& clock,
               Publications& publications)
        : config_(config), store_(store), clock_(clock), publications_(publications) {}

    /// A connection is there. `careful`: one message at a time, for a broker that hangs up behind
    /// its refusal tells which message it was only while none follows.
    void begin(Link& link, bool careful);
    /// The connection lasts: full speed.
    void trust() { careful_ = false; }
    /// The connection is gone: keeps the marks; what was under way goes again over the next one.
    void end();

    /// There may be new rows.
    void wake() { look_ = true; }
    /// Sends what may go now: first what was queued, then rows.
    void pump();
    /// Goes before the next rows; takes the place of what was queued before.
    void queue(std::vector<Message> messages);
    /// At once, beside all others; the ticket when an acknowledgement will come.
    std::optional<int> send(const Message& message);
    bool awaits(int ticket) const { return tickets_.contains(ticket); }

    /// What the acknowledgement was for.
    struct Receipt {
        std::string topic;
        bool taken = false;
        bool come_again = false; ///< refused for now, and no row that is tried again by itself
    };
    std::optional<Receipt> acknowledged(int ticket, int reason);
    /// The messages of a row that may go: none on a forbidden topic.
    std::vector<Message> messagesOf(const LogRow& row);
    bool isHeld(const std::string& topic) const;

    /// Keeps marks of rows that the broker took, when enough or old enough, or at once.
    void strikeOut(bool at_once);
    /// Marks wait to be kept.
    bool marked() const { return !acknowledged_.empty(); }
    /// True once after something happened that people should hear of: a message was parked, a topic
    /// is forbidden.
    bool tookTrouble() { return std::exchange(trouble_, false); }
    /// Forbidden topics in words; empty when there are none.
    std::string heldWords() const;
    /// Lets topics go again that were forbidden long enough ago; false when there are none.
    bool releaseHeld();
    /// An acknowledgement is missing for too long.
    bool overdue() const;

private:
    struct UnderWay {
        std::string topic; ///< the row's own; a state has others beside it
        int attempts = 0;
        int messages_left = 0;
        int refused = 0; ///< the worst reason so far, 0 when none
    };
    struct Ticket {
        std::int64_t seq = 0; ///< 0: a message of no row
        std::string topic;
        bool retained = false;
        bool clears = false; ///< an empty message that clears a retained one
        MonoTime since{};
    };

    bool room() const;
    bool readRows();
    void publishRow(const OutboxRow& row);
    void finishRow(std::int64_t seq, const UnderWay& row);
    void hold(const std::string& topic);

    const Config& config_;
    UnitOfWork& store_;
    const Clock& clock_;
    Publications& publications_;

    Link* link_ = nullptr;
    bool careful_ = false;
    std::deque<Message> queued_;
    std::deque<OutboxRow> ready_; ///< read, not sent yet
    bool look_ = true;            ///< the store may have more
    MonoTime looked_at_{};
    int reach_ = 200; ///< rows of a look
    std::map<int, Ticket> tickets_;
    std::map<std::int64_t, UnderWay> under_way_;
    std::set<std::int64_t> acknowledged_; ///< not marked in the store yet
    MonoTime acknowledged_since_{};
    std::map<std::string, MonoTime> held_; ///< topics that the broker forbids: until when. Outlives
                                           ///< a connection: some brokers hang up at each refusal
    bool trouble_ = false;
};

} // namespace gatefold::mqtt
