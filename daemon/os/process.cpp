#include "os/process.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatefold::os {

namespace {

using namespace std::chrono_literals;

/// Attributes and file actions of a start, with their destruction.
struct SpawnPlan {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;

    SpawnPlan() {
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_init(&files);
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
};

[[noreturn]] void fail(const std::string& what, int error) {
    throw Error(ErrorCode::unavailable, what + ": " + std::generic_category().message(error));
}

pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& arguments,
            int input) {
    SpawnPlan plan;
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&plan.attributes, &none);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
    ::posix_spawnattr_setpgroup(&plan.attributes, 0);
    ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETPGROUP);
    ::posix_spawn_file_actions_adddup2(&plan.files, input, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&plan.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // Libraries open descriptors without O_CLOEXEC; none of them is the child's.
    ::posix_spawn_file_actions_addclosefrom_np(&plan.files, STDERR_FILENO + 1);
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t pid = -1;
    if (const int error =
            ::posix_spawn(&pid, argv[0], &plan.files, &plan.attributes, argv.data(), environ))
        fail(program.filename().string() + " cannot be started", error);
    return pid;
}

/// A hard limit that is lower already stays: only root may raise it.
void limit(pid_t pid, __rlimit_resource what, rlim_t soft, rlim_t hard) {
    rlimit values{};
    if (::prlimit(pid, what, nullptr, &values) != 0)
        fail("a child process cannot be limited", errno);
    values = {std::min(soft, values.rlim_max), std::min(hard, values.rlim_max)};
    if (::prlimit(pid, what, &values, nullptr) != 0)
        fail("a child process cannot be limited", errno);
}

void apply(pid_t pid, const ProcessLimits& limits) {
    limit(pid, RLIMIT_CORE, 0, 0);
#ifndef GATEFOLD_SANITIZED
    if (limits.memory_bytes > 0)
        limit(pid, RLIMIT_DATA, limits.memory_bytes, limits.memory_bytes);
#endif
    const auto seconds = static_cast<rlim_t>(limits.cpu.count());
    if (seconds > 0)
        limit(pid, RLIMIT_CPU, seconds, seconds + 1); // SIGKILL for one that blocks SIGXCPU
}

} // namespace

Process::Process(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 int input, const ProcessLimits& limits)
    : pid_(spawn(program, arguments, input)) {
    try {
        apply(pid_, limits);
    } catch (...) {
        ::kill(pid_, SIGKILL);
        reap();
        throw;
    }
}

Process::~Process() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    reap();
}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

std::chrono::nanoseconds Process::work() const noexcept {
    clockid_t clock = 0;
    timespec used{};
    if (pid_ <= 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return 0ns;
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

int Process::reap() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
}

Process::Ending Process::ending() {
    if (pid_ <= 0)
        return {"has ended", 0};
    // Its end of a socket closes a moment before the process is gone.
    siginfo_t ended{};
    for (int i = 0; i < 100 && ended.si_pid == 0; ++i) {
        if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0)
            break;
        if (ended.si_pid == 0)
            std::this_thread::sleep_for(5ms);
    }
    ::kill(pid_, SIGKILL);
    const int status = reap();
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        return {"was ended by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")",
                signal};
    }
    return {"ended with status " + std::to_string(WEXITSTATUS(status)), 0};
}

} // namespace gatefold::os
