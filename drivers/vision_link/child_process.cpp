#include "drivers/vision_link/child_process.hpp"

#include "core/error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatefold::vision_link {

namespace {

using namespace std::chrono_literals;

/// The start's attributes and file actions with their destruction.
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

[[noreturn]] void refuse(const std::string& what, int error) {
    throw Error(ErrorCode::unavailable,
                "the image reader " + what + ": " + std::generic_category().message(error));
}

pid_t spawn(const std::filesystem::path& program, const std::string& mode, int socket) {
    SpawnPlan plan;
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&plan.attributes, &none);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
    ::posix_spawnattr_setpgroup(&plan.attributes, 0);
    ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETPGROUP);
    ::posix_spawn_file_actions_adddup2(&plan.files, socket, STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&plan.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program.string(), argument = mode;
    std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
    pid_t pid = -1;
    if (const int error = ::posix_spawn(&pid, name.c_str(), &plan.files, &plan.attributes,
                                        arguments.data(), environ))
        refuse("cannot be started", error);
    return pid;
}

int millisUntil(ChildProcess::Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

} // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0)
        ::close(fd_);
}

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::string& mode,
                           std::size_t most_reply_bytes)
    : socket_([&] {
          int ends[2];
          if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
              refuse("has no line", errno);
          const Descriptor theirs(ends[1]);
          Descriptor ours(ends[0]);
          ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
          pid_ = spawn(program, mode, theirs.get());
          return ours;
      }()),
      frames_(most_reply_bytes) {}

ChildProcess::~ChildProcess() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    reap();
}

void ChildProcess::send(const Message& message, Deadline deadline) {
    const std::string frame = encode(message);
    for (std::size_t sent = 0; sent < frame.size();) {
        const ssize_t count =
            ::send(socket_.get(), frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            refuse("has ended", errno);
        pollfd entry{socket_.get(), POLLOUT, 0};
        if (::poll(&entry, 1, millisUntil(deadline)) == 0)
            throw Error(ErrorCode::unavailable, "the image reader takes nothing in");
    }
}

bool ChildProcess::takeIn() {
    std::array<char, 16 * 1024> buffer;
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0)
        frames_.feed({buffer.data(), static_cast<std::size_t>(count)});
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

int ChildProcess::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
}

std::string ChildProcess::ending() {
    if (pid_ <= 0)
        return "has ended";
    // Its end of the socket closes a moment before the process is gone.
    siginfo_t ended{};
    for (int i = 0; i < 100 && ended.si_pid == 0; ++i) {
        if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0)
            break;
        if (ended.si_pid == 0)
            std::this_thread::sleep_for(5ms);
    }
    ::kill(pid_, SIGKILL);
    const int status = reap();
    if (WIFSIGNALED(status))
        return "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
               ::strsignal(WTERMSIG(status)) + ")";
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

} // namespace gatefold::vision_link
