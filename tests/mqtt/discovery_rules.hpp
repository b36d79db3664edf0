#pragma once

#include "json/value.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Home Assistant's documented rules for MQTT discovery, for the platforms that Gatefold uses
/// (home-assistant.io, integrations "MQTT" and "<platform>.mqtt"; core, components/mqtt).
namespace gatefold::test {

/// What Home Assistant would refuse or drop without a word in one retained configuration; empty
/// when all is well. `seen_ids` collects the unique ids: one twice is a fault.
std::vector<std::string> discoveryFaults(std::string_view topic, std::string_view payload,
                                         std::set<std::string>& seen_ids);

/// Faults of a state that an entity would get: an enum's option, a number, a time with its zone, at
/// most 255 characters, ON or OFF.
std::vector<std::string> stateFaults(const json::Value& entity, std::string_view state);

/// Runs a template on a payload: `{{ path }}`, `{{ path | default('', true) }}`,
/// `{{ 'A' if path [==|> literal] else 'B' }}`, paths from `value_json`, or `value`. Throws Error
/// `malformed` for whatever else.
std::string rendered(std::string_view text, std::string_view payload);

} // namespace gatefold::test
