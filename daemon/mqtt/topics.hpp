#pragma once

#include "core/event.hpp"
#include "mqtt/config.hpp"

#include <string>
#include <string_view>

namespace gatefold::mqtt {

/// Names of all topics: `<base>/<node>/...`.
class Topics {
public:
    explicit Topics(const Config& config) : root_(config.base + "/" + config.node) {}

    std::string status() const { return root_ + "/status"; }
    std::string info() const { return root_ + "/info"; }
    std::string health() const { return root_ + "/health"; }
    /// A retained state's own topic: "collection", or "<deck>/now_playing".
    std::string state(std::string_view name, std::string_view deck) const {
        return root_ + "/" + (deck.empty() ? "" : std::string(deck) + "/") + std::string(name);
    }
    std::string cover(std::string_view deck) const { return state("cover", deck); }
    std::string value(std::string_view deck, std::string_view field) const {
        return state("value", deck) + "/" + std::string(field);
    }
    std::string event(std::string_view family) const {
        return root_ + "/event/" + std::string(family);
    }
    std::string command(std::string_view command) const {
        return root_ + "/cmd/" + std::string(command);
    }
    std::string commands() const { return root_ + "/cmd/#"; }
    std::string answer(std::string_view requester) const {
        return root_ + "/rsp/" + std::string(requester);
    }
    const std::string& root() const { return root_; }

private:
    std::string root_;
};

} // namespace gatefold::mqtt
