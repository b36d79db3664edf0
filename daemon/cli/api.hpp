#pragma once

#include "json/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatefold::cli {

struct ApiReply {
    int status = 0;
    std::string body;
    std::string tag; ///< ETag, or empty
};

/// The daemon's HTTP API as the console. A running daemon is asked over its control socket; without
/// one the same dispatcher runs in this process, under the store's lock ("One writer" in the
/// contract).
class Api {
public:
    virtual ~Api() = default;
    /// `target`: path and query. Throws Error `unavailable` when the daemon does not answer; an
    /// HTTP error is a reply.
    virtual ApiReply call(std::string_view method, std::string_view target, std::string_view body,
                          std::string_view if_match) = 0;
    /// True when a daemon answers.
    virtual bool daemonRuns() const = 0;

    /// The document of a successful reply; a problem becomes an Error with the API's own words.
    json::Value ask(std::string_view method, std::string_view target, std::string_view body = {},
                    std::string_view if_match = {});
    /// As `ask`, the bytes as they are.
    std::string fetch(std::string_view target);
};

} // namespace gatefold::cli
