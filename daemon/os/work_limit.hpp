#pragma once

#include <chrono>

namespace gatefold::os {

/// Ends this process by SIGPROF when it has used `cpu` more processor time, in all of its threads
/// together; zero lifts the limit. Waiting costs nothing, so a busy machine ends nobody. Throws
/// Error `unavailable`. One limit a process: it replaces the one before and `yieldAfter`.
void limitWork(std::chrono::milliseconds cpu);

/// Gives this process and its process group a lower priority (nice 5, unless theirs is lower) when
/// it has used `cpu` more processor time. Throws Error `unavailable`.
void yieldAfter(std::chrono::milliseconds cpu);

} // namespace gatefold::os
