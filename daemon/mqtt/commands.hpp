#pragma once

#include "mqtt/message.hpp"
#include "mqtt/topics.hpp"
#include "ports/clock.hpp"
#include "ports/message_link.hpp"
#include "ports/store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace gatefold::mqtt {

/// What home automation sends to `.../cmd/#`: checked against the list of commands, executed once
/// per id, answered. One thread.
class Commands {
public:
    /// `republish`: sends all retained states again.
    Commands(const Topics& topics, UnitOfWork& store, const Clock& clock, CommandSink& sink,
             std::function<void()> republish);

    /// Messages to send in answer. Never throws.
    std::vector<Message> handle(const Received& received) noexcept;

private:
    std::vector<Message> execute(const Received& received);
    bool allowed();
    /// Kept events from `from` on, oldest first, at most `most`.
    std::vector<LogRow> eventsFrom(std::int64_t from, int most);

    const Topics& topics_;
    UnitOfWork& store_;
    const Clock& clock_;
    CommandSink& sink_;
    std::function<void()> republish_;
    double allowance_;
    MonoTime allowance_at_{};
};

} // namespace gatefold::mqtt
