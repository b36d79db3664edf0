#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace gatefold::os {

/// What a child process may take; 0 is no limit. The kernel enforces both.
struct ProcessLimits {
    /// Private writable memory: heap, stacks, anonymous mappings (RLIMIT_DATA). What exceeds it is
    /// std::bad_alloc in the child. Not applied in sanitizer builds, whose shadow memory exceeds
    /// any limit.
    std::uint64_t memory_bytes = 0;
    /// Processor time of all its threads (RLIMIT_CPU); then SIGXCPU ends it.
    std::chrono::seconds cpu{0};
};

/// A child process, the one way in which Gatefold starts programs. It inherits its standard input
/// (`input`) and standard error, has /dev/null as standard output and no other descriptor, blocks
/// no signal, writes no core file and has a process group of its own, so that Ctrl-C in a terminal
/// reaches the parent alone. The destructor kills and reaps it. One thread.
class Process {
public:
    /// Runs `program` (a path) with `arguments` (without its name). `limits` hold before anything
    /// can be read from `input`, provided that nothing was written to it yet. Throws
    /// Error `unavailable` when it cannot be started or limited.
    Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
            int input, const ProcessLimits& limits);
    ~Process();
    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;

    pid_t pid() const noexcept { return pid_; }
    /// Processor time that all its threads have used; 0 once it has ended.
    std::chrono::nanoseconds work() const noexcept;

    struct Ending {
        std::string text; ///< "was ended by signal 6 (Aborted)"
        int signal = 0;   ///< 0 when it ended by itself
    };
    /// How it ended. Waits up to half a second for a process that is about to end; one that still
    /// runs is killed.
    Ending ending();

private:
    int reap() noexcept;

    pid_t pid_ = -1;
};

} // namespace gatefold::os
