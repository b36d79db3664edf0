#include "lookup/gate.hpp"

#include <algorithm>

namespace gatefold::lookup {

namespace {

/// How soon a full queue is worth another try.
constexpr Millis fullQueuePause{10'000};
constexpr Millis longestWait = std::chrono::hours(24);

WallTime wallAt(MonoTime moment, const Now& now) {
    return now.wall + (moment - now.mono);
}

} // namespace

Gate::Gate(std::string source, const GateRules& rules, const Clock& clock, Waiting& waiting,
           Jitter jitter)
    : source_(std::move(source)),
      most_waiting_(rules.most_waiting),
      clock_(clock),
      waiting_(waiting),
      pace_(rules.pace),
      breaker_(rules.breaker, std::move(jitter)) {}

MonoTime Gate::due() const {
    return std::max(pace_.due(), breaker_.due());
}

void Gate::refuse(const Now& now) const {
    const Failure& last = breaker_.last();
    const WallTime again = wallAt(due(), now);
    if (breaker_.due() <= now.mono)
        throw OnlineError(ErrorCode::rateLimited, source_ + " allows no more requests for now",
                          again);
    const ErrorCode code = last.kind == FailureKind::refused ? ErrorCode::unauthenticated
                           : last.kind == FailureKind::busy  ? ErrorCode::rateLimited
                                                             : ErrorCode::unavailable;
    throw OnlineError(code, source_ + " is not asked for now: " + last.detail, again);
}

void Gate::refuseWhenHopeless(const Now& now, MonoTime deadline, const OnlineCall& call) const {
    if (call.stop.stop_requested())
        throw OnlineError(ErrorCode::conflict, "the question to " + source_ + " was stopped");
    if (breaker_.open(now.mono) || due() > deadline)
        refuse(now);
    if (now.mono > deadline)
        throw OnlineError(ErrorCode::rateLimited, "too many questions to " + source_ + " wait",
                          now.wall + fullQueuePause);
}

void Gate::enter(const OnlineCall& call) {
    std::unique_lock lock(mutex_);
    const MonoTime deadline = clock_.now().mono + std::min(call.max_wait, longestWait);
    if (queue_.size() >= most_waiting_)
        throw OnlineError(ErrorCode::rateLimited, "too many questions to " + source_ + " wait",
                          clock_.now().wall + fullQueuePause);
    const Ticket ticket{call.priority, next_number_++};
    queue_.insert(ticket);
    try {
        for (;;) {
            const Now now = clock_.now();
            refuseWhenHopeless(now, deadline, call);
            const bool next = !busy_ && *queue_.begin() == ticket;
            if (next && due() <= now.mono)
                break;
            // A millisecond behind the deadline it is certainly over.
            waiting_.sleep(lock, changed_, next ? due() : deadline + Millis(1), call.stop);
        }
    } catch (...) {
        queue_.erase(ticket);
        changed_.notify_all();
        throw;
    }
    queue_.erase(ticket);
    busy_ = true;
    pace_.sent(clock_.now().mono);
}

void Gate::leave() {
    const std::lock_guard lock(mutex_);
    busy_ = false;
    changed_.notify_all();
}

void Gate::succeeded(const LimitsTold& told) {
    const std::lock_guard lock(mutex_);
    const Now now = clock_.now();
    pace_.told(told, now.mono);
    breaker_.succeeded();
    last_success_at_ = now.wall;
}

WallTime Gate::failed(Failure failure, const LimitsTold& told) {
    const std::lock_guard lock(mutex_);
    const Now now = clock_.now();
    pace_.told(told, now.mono);
    breaker_.failed(std::move(failure), now.mono);
    return wallAt(due(), now);
}

void Gate::forgive() {
    const std::lock_guard lock(mutex_);
    if (breaker_.last().kind == FailureKind::refused)
        breaker_.succeeded();
    changed_.notify_all();
}

Gate::View Gate::view() const {
    const std::lock_guard lock(mutex_);
    const Now now = clock_.now();
    View view{queue_.size(), breaker_.last(), breaker_.failuresInARow(), {}, last_success_at_};
    if (due() > now.mono)
        view.until = wallAt(due(), now);
    return view;
}

} // namespace gatefold::lookup
