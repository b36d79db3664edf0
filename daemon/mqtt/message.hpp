#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatefold::mqtt {

/// One message to publish. Properties exist on MQTT 5 only and are left out below it.
struct Message {
    std::string topic;
    std::string payload;
    int qos = 1;
    bool retain = false;
    std::optional<std::uint32_t> expiry_s;
    std::string content_type;
    std::string correlation;
    std::vector<std::pair<std::string, std::string>> user_properties;
};

/// One message that came in.
struct Received {
    std::string topic, payload;
    bool retained = false;
    std::string response_topic, correlation; ///< MQTT 5, else empty
};

} // namespace gatefold::mqtt
