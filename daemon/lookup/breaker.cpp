#include "lookup/breaker.hpp"

#include <algorithm>

namespace gatefold::lookup {

namespace {
/// Longer times are taken for a mistake of the server.
constexpr Millis longestAskedFor = std::chrono::hours(24);
} // namespace

void Breaker::succeeded() {
    failures_ = 0;
    open_ = false;
    due_ = {};
    last_ = {FailureKind::none, {}, Millis{0}};
}

void Breaker::failed(Failure failure, MonoTime now) {
    ++failures_;
    Millis pause = rules_.first_pause;
    for (int i = 1; i < failures_ && pause < rules_.longest_pause; ++i)
        pause *= 2;
    pause = std::min(pause, rules_.longest_pause);
    if (failure.kind == FailureKind::refused)
        pause = std::max(pause, rules_.refused_pause);
    pause = Millis(
        static_cast<Millis::rep>(static_cast<double>(pause.count()) * (0.5 + 0.5 * jitter_())));
    pause = std::max(pause, std::min(failure.at_least, longestAskedFor));
    open_ = failure.kind == FailureKind::refused || failures_ >= rules_.failures_to_open;
    due_ = now + pause;
    last_ = std::move(failure);
}

} // namespace gatefold::lookup
