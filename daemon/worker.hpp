#pragma once

#include "core/error.hpp"
#include "core/stoppable_sleep.hpp"
#include "os/thread_name.hpp"
#include "platform/signals.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace gatefold {

/// What a worker does when its body throws something that is no Error. After an Error (the store is
/// busy, the disk is full) every worker tries again.
enum class OnBug { tryAgain, endDaemon };

/// How long a worker waits before it tries again: doubled from `first` to `max`, and from `first`
/// again when its body ran for longer than `max`.
struct BackOff {
    std::chrono::milliseconds first{1000}, max{60'000};
};

/// The threads of the daemon: each runs one body until the daemon stops, at the end of this scope.
class Workers {
public:
    explicit Workers(BackOff back_off = {}) : back_off_(back_off) {}
    ~Workers() { stop(); }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// `body(stop_token)` returns when it is asked to stop.
    template <class Body>
    void start(std::string name, OnBug on_bug, Body body) {
        threads_.emplace_back([this, name = std::move(name), on_bug,
                               body = std::move(body)](const std::stop_token& stop) noexcept {
            os::nameThread(name);
            auto pause = back_off_.first;
            while (!stop.stop_requested()) {
                const auto began = std::chrono::steady_clock::now();
                if (!survives(name, on_bug, [&] { body(stop); }))
                    return;
                if (std::chrono::steady_clock::now() - began > back_off_.max)
                    pause = back_off_.first;
                sleepUnlessStopped(stop, pause);
                pause = std::min(pause * 2, back_off_.max);
            }
        });
    }

    /// Asks all threads to stop, and waits for their ends.
    void stop() {
        for (std::jthread& thread : threads_)
            thread.request_stop();
        threads_.clear();
    }

    /// Whether a worker has ended the daemon: it asked the main thread to stop (SIGTERM).
    bool failed() const noexcept { return failed_; }

private:
    /// Runs `body` once; false when this worker is at its end.
    template <class Body>
    bool survives(const std::string& name, OnBug on_bug, Body body) {
        try {
            body();
            return false;
        } catch (const Error& error) {
            spdlog::error("{}: failed, tries again reason={}", name, error.message());
            return true;
        } catch (const std::exception& error) {
            spdlog::error("{}: failed reason={}", name, error.what());
            if (on_bug == OnBug::tryAgain)
                return true;
            failed_ = true;
            platform::Signals::requestStop();
            return false;
        }
    }

    BackOff back_off_;
    std::atomic<bool> failed_{false};
    std::vector<std::jthread> threads_;
};

} // namespace gatefold
