#pragma once

#include "mqtt/commands.hpp"
#include "mqtt/config.hpp"
#include "mqtt/deliveries.hpp"
#include "mqtt/link.hpp"
#include "mqtt/publications.hpp"
#include "mqtt/topics.hpp"
#include "ports/clock.hpp"
#include "ports/message_link.hpp"
#include "ports/store.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace gatefold::mqtt {

/// The node's name: from the configuration, else made once and kept in the store.
std::string nodeName(const std::string& configured, UnitOfWork& store);

/// The sink "mqtt" of the outbox, and the way in for commands. Everything runs on the thread of
/// run(); wake() and status() on any.
class MqttService final : LinkListener {
public:
    MqttService(Config config, UnitOfWork& store, const Clock& clock, CommandSink& commands,
                const BoxFacts& box);
    ~MqttService() override;

    /// Keeps the link to the broker, present or not, until `stop` is asked for; then says offline
    /// and leaves.
    void run(const std::stop_token& stop);
    /// After every commit that wrote to the log.
    void wake() noexcept;
    LinkStatus status() const;

private:
    void onConnected() override;
    void onEnd(const LinkEnd& end) override;
    void onAcknowledged(int ticket, int reason) override;
    void onMessage(const Received& message) override;

    void connect(const std::stop_token& stop);
    void tryVersion(bool version5, const std::stop_token& stop);
    void sayGoodbye();
    void serve(const std::stop_token& stop);
    std::string standingProblem() const;
    void countTakeover();
    void compareBoot(const Received& info);
    void republish();
    void sayHealth();
    std::vector<Message> clearingForgotten(const std::vector<Message>& retained);
    void forgetStrangers();
    void atTheirTime();
    void backOff(const std::stop_token& stop);
    void rest(std::chrono::milliseconds wait, const std::stop_token& stop);
    void problem(const std::string& words);

    Config config_;
    std::string client_id_;
    Topics topics_;
    UnitOfWork& store_;
    const Clock& clock_;
    const BoxFacts& box_;
    Publications publications_;
    Deliveries deliveries_;
    Commands commands_;
    int wake_fd_;

    std::unique_ptr<Link> link_;
    bool connected_ = false;
    int early_ends_ = 0; ///< connections in a row that broke early while the broker was there
    MonoTime health_at_{}, republish_at_{}, strangers_until_{}, connected_at_{};
    bool strangers_sought_ = false;
    std::set<std::string> own_configurations_;
    LinkEnd last_end_;
    int takeovers_ = 0;
    MonoTime takeover_at_{};
    bool takeover_told_ = false; ///< the broker said it of the connection before
    bool info_taken_ = false;    ///< the broker has held the `info` of this process
    std::string boot_before_;    ///< whose `info` it held before
    std::chrono::milliseconds pause_{1000};
    std::mt19937 random_;

    mutable std::mutex status_mutex_;
    LinkStatus status_;
};

} // namespace gatefold::mqtt
