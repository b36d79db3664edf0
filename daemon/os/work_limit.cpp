#include "os/work_limit.hpp"

#include "core/error.hpp"

#include <cerrno>
#include <csignal>

#include <sys/resource.h>
#include <sys/time.h>

namespace gatefold::os {

namespace {

constexpr int lowerPriority = 5; // a third of the share beside others, and never starved

void atExpiry(void (*action)(int), std::chrono::milliseconds cpu) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(cpu);
    const std::chrono::microseconds rest = cpu - seconds;
    const itimerval once{{0, 0}, {seconds.count(), static_cast<suseconds_t>(rest.count())}};
    if (::signal(SIGPROF, action) == SIG_ERR || ::setitimer(ITIMER_PROF, &once, nullptr) != 0)
        throw Error(ErrorCode::unavailable, "the processor time cannot be limited");
}

void yield(int) {
    const int before = errno;
    if (::getpriority(PRIO_PROCESS, 0) < lowerPriority)
        ::setpriority(PRIO_PGRP, 0, lowerPriority);
    errno = before;
}

} // namespace

void limitWork(std::chrono::milliseconds cpu) {
    atExpiry(SIG_DFL, cpu);
}

void yieldAfter(std::chrono::milliseconds cpu) {
    atExpiry(yield, cpu);
}

} // namespace gatefold::os
