#pragma once

#include "app/listening.hpp"
#include "app/scanning.hpp"
#include "ports/message_link.hpp"

namespace gatefold {

/// What home automation may tell the box to do: its commands become the same use cases that the
/// page and the shelf call.
class Automation final : public CommandSink {
public:
    Automation(Listening& listening, Scanning& scanning, const UnitOfWork& store)
        : listening_(listening), scanning_(scanning), store_(store) {}

    /// Throws what the use case throws; `notFound` for a verb that is none of these.
    CommandResult execute(const DeckCommand& command) override;

private:
    CommandResult putOn(const DeckCommand& command);
    CommandResult handInScan(const DeckCommand& command);

    Listening& listening_;
    Scanning& scanning_;
    const UnitOfWork& store_;
};

} // namespace gatefold
