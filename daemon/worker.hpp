#pragma once

#include "os/thread_name.hpp"
#include "platform/signals.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace gatefold {

/// A named thread of the daemon that ends with the scope it stands in. What it cannot handle stops
/// the whole daemon in good order: systemd starts it again, and a half-dead box helps nobody. With
/// `vital` false it is only told.
template <class Body>
std::jthread worker(std::string name, bool vital, Body body) {
    return std::jthread([name = std::move(name), vital,
                         body = std::move(body)](const std::stop_token& stop) noexcept {
        os::nameThread(name);
        try {
            body(stop);
        } catch (const std::exception& error) {
            spdlog::error("{}: ended reason={}", name, error.what());
            if (vital)
                platform::Signals::requestStop();
        }
    });
}

} // namespace gatefold
