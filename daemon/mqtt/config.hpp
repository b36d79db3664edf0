#pragma once

#include <string>

namespace gatefold::mqtt {

enum class Discovery { device, component, off };

/// How to reach the broker and what to call ourselves.
struct Config {
    std::string host = "127.0.0.1";
    int port = 1883;
    std::string username;
    std::string password; ///< read from its file by the composition root
    bool tls = false;
    std::string ca_file; ///< empty: the system's certificates
    std::string base = "gatefold/v1";
    std::string node; ///< [a-z0-9_-]{1,32}
    Discovery discovery = Discovery::device;
    std::string discovery_prefix = "homeassistant";
    bool media_player_compat = false;
};

} // namespace gatefold::mqtt
