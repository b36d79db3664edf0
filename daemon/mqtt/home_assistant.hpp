#pragma once

#include "mqtt/config.hpp"
#include "mqtt/message.hpp"
#include "mqtt/topics.hpp"
#include "ports/message_link.hpp"
#include "ports/records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gatefold::mqtt {

/// Home Assistant's discovery: one device for the box and one for each deck, from one table of
/// entities. All retained, QoS 1.
std::vector<Message> discovery(const Config& config, const Topics& topics,
                               const std::vector<Deck>& decks, const BoxFacts& box);

/// Filters under which our own retained configurations lie, to find strangers among them.
std::vector<std::string> discoveryFilters(const Config& config);
/// True when a retained configuration carries our origin and our node: then it is ours to keep or
/// to clear.
bool isOurs(const Config& config, std::string_view payload);

} // namespace gatefold::mqtt
