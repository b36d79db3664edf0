#pragma once

#include <spdlog/sinks/base_sink.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace gatefold::platform {

/// How lines look: for the journal with the priority prefix of sd-daemon(3), for people with time
/// and level.
enum class LogForm { journal, people };

/// Writes log lines to a descriptor and bounds what it writes, so that no client can fill the disk:
/// 200 lines at once, then five a second on average, counted apart for errors and for the rest; one
/// line tells how many were left out. Control characters are escaped and lines cut at 2,000 bytes.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    LogSink(int fd, LogForm form) : fd_(fd), form_(form) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override {}

private:
    struct Allowance {
        double lines = 200;
        spdlog::log_clock::time_point at{};
        std::uint64_t left_out = 0;
    };
    bool allowed(Allowance& allowance, spdlog::log_clock::time_point now);
    void write(spdlog::level::level_enum level, spdlog::log_clock::time_point at,
               std::string_view text);

    int fd_;
    LogForm form_;
    std::array<Allowance, 2> allowances_;
};

/// Makes spdlog's default logger write to standard error, for the journal when systemd reads it.
/// `level` is one of log.level's words. Call once, before the first thread starts.
void setUpLogging(std::string_view level);

} // namespace gatefold::platform
