#include "platform/logging.hpp"

#include "core/text.hpp"
#include "core/time.hpp"

#include <spdlog/spdlog.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace gatefold::platform {
namespace {

constexpr double burstLines = 200;
constexpr double linesPerSecond = 5;
constexpr std::size_t longestLine = 2000;

struct LevelWords {
    spdlog::level::level_enum level;
    std::string_view journal; ///< syslog priority
    std::string_view people;
};
constexpr LevelWords levelWords[] = {
    {spdlog::level::trace, "<7>", "debug  "}, {spdlog::level::debug, "<7>", "debug  "},
    {spdlog::level::info, "<6>", "info   "},  {spdlog::level::warn, "<4>", "warning"},
    {spdlog::level::err, "<3>", "error  "},   {spdlog::level::critical, "<2>", "error  "},
};

/// True when standard error is the stream that systemd named: JOURNAL_STREAM is inherited by
/// children with other outputs.
bool journalReadsStandardError() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat found {};
    return stream && ::fstat(STDERR_FILENO, &found) == 0 &&
           stream == std::to_string(found.st_dev) + ":" + std::to_string(found.st_ino);
}

} // namespace

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
    Allowance& allowance = allowances_[message.level >= spdlog::level::err ? 1 : 0];
    if (!allowed(allowance, message.time)) {
        ++allowance.left_out;
        return;
    }
    if (allowance.left_out > 0)
        write(spdlog::level::warn, message.time,
              "log: too many lines left_out=" + std::to_string(allowance.left_out));
    allowance.left_out = 0;
    write(message.level, message.time, {message.payload.data(), message.payload.size()});
}

bool LogSink::allowed(Allowance& allowance, spdlog::log_clock::time_point now) {
    const std::chrono::duration<double> passed = now - allowance.at;
    allowance.at = now;
    allowance.lines =
        std::min(burstLines, allowance.lines + std::max(0.0, passed.count()) * linesPerSecond);
    if (allowance.lines < 1)
        return false;
    allowance.lines -= 1;
    return true;
}

void LogSink::write(spdlog::level::level_enum level, spdlog::log_clock::time_point at,
                    std::string_view text) {
    const LevelWords& words = levelWords[std::clamp<int>(level, 0, std::size(levelWords) - 1)];
    std::string line;
    if (form_ == LogForm::journal)
        line = words.journal;
    else
        line.append(isoTime(std::chrono::time_point_cast<Millis>(at)))
            .append(" ")
            .append(words.people)
            .append(" ");
    line.append(printable(text, longestLine)).append("\n");
    // Nobody is left to tell when even this fails.
    [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

void setUpLogging(std::string_view level) {
    const LogForm form = journalReadsStandardError() ? LogForm::journal : LogForm::people;
    auto logger = std::make_shared<spdlog::logger>("gatefold",
                                                   std::make_shared<LogSink>(STDERR_FILENO, form));
    logger->set_level(spdlog::level::from_str(std::string(level)));
    spdlog::set_default_logger(std::move(logger));
}

} // namespace gatefold::platform
