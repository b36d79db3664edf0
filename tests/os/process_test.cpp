#include "os/process.hpp"
#include "os/work_limit.hpp"

#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <ctime>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatefold::os {
namespace {

/// Both ends of a socket; ours is closed with the object.
struct Line {
    int ours = -1, theirs = -1;
    Line() {
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        ours = ends[0];
        theirs = ends[1];
    }
    ~Line() { ::close(ours); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
};

/// What a shell with these limits says to `script`, which reads one line before anything else.
std::string answerOfShell(const std::string& script, const ProcessLimits& limits = {}) {
    Line line;
    Process shell("/bin/sh", {"-c", "read go; exec >&0; " + script}, line.theirs, limits);
    ::close(line.theirs);
    BOOST_REQUIRE(::send(line.ours, "go\n", 3, MSG_NOSIGNAL) == 3);
    std::string answer;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(line.ours, buffer, sizeof buffer, 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(size));
    return answer;
}

/// ThreadSanitizer runs a signal's handler in the next call that it watches.
void takeSignals() {
    [[maybe_unused]] const auto nothing = ::read(-1, nullptr, 0);
}

/// How a copy of this process ends that does `work`.
int endOf(void (*work)()) {
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit enough{20, 20};
        ::setrlimit(RLIMIT_CPU, &enough);
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(a_child_has_three_descriptors_whatever_the_parent_has_open) {
    const int low = ::open("/dev/null", O_RDONLY), high = ::fcntl(low, F_DUPFD, 300);
    BOOST_TEST_REQUIRE(high >= 300);
    BOOST_TEST(answerOfShell("ls /proc/$$/fd") == "0\n1\n2\n");
    ::close(low);
    ::close(high);
}

BOOST_AUTO_TEST_CASE(a_limit_that_is_lower_already_stays) {
    const int status = endOf([] { // with 20 seconds
        ::_exit(answerOfShell("ulimit -t", {0, std::chrono::seconds(30)}) == "20\n" ? 0 : 1);
    });
    BOOST_TEST_REQUIRE(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(limits_hold_before_the_child_can_read_its_input) {
    BOOST_TEST(answerOfShell("ulimit -t; ulimit -c", {0, std::chrono::seconds(7)}) == "7\n0\n");
#ifndef GATEFOLD_SANITIZED
    BOOST_TEST(answerOfShell("ulimit -d", {100 * 1024 * 1024, {}}) == "102400\n");
#endif
}

BOOST_AUTO_TEST_CASE(the_ending_is_told_in_words) {
    Line line;
    Process failed("/bin/sh", {"-c", "exit 3"}, line.theirs, {});
    BOOST_TEST(failed.ending().text == "ended with status 3");
    Process aborted("/bin/sh", {"-c", "kill -ABRT $$"}, line.theirs, {});
    BOOST_TEST(aborted.ending().text == "was ended by signal 6 (Aborted)");
    BOOST_TEST(aborted.ending().text == "has ended");
    ::close(line.theirs);
}

BOOST_AUTO_TEST_CASE(a_child_ends_with_its_object) {
    Line line;
    pid_t pid = -1;
    {
        const Process cat("/bin/cat", {}, line.theirs, {});
        pid = cat.pid();
        BOOST_TEST(::kill(pid, 0) == 0);
    }
    BOOST_TEST(::kill(pid, 0) != 0);
    ::close(line.theirs);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_an_error) {
    BOOST_CHECK_EXCEPTION(
        Process("/nowhere/program", {}, STDIN_FILENO, {}), Error, [](const Error& error) {
            return error.message() == "program cannot be started: No such file or directory";
        });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(work_limit)

BOOST_AUTO_TEST_CASE(too_much_work_ends_the_process) {
    const int status = endOf([] {
        limitWork(std::chrono::milliseconds(20));
        for (;;)
            std::clock();
    });
    BOOST_TEST_REQUIRE(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGPROF);
}

BOOST_AUTO_TEST_CASE(a_lifted_limit_ends_nobody) {
    const int status = endOf([] {
        limitWork(std::chrono::milliseconds(20));
        limitWork(std::chrono::milliseconds(0));
        while (std::clock() < CLOCKS_PER_SEC / 5) {
        }
    });
    BOOST_TEST_REQUIRE(WIFEXITED(status));
}

BOOST_AUTO_TEST_CASE(who_works_for_long_yields) {
    const int status = endOf([] {
        ::setpgid(0, 0);
        yieldAfter(std::chrono::milliseconds(20));
        while (::getpriority(PRIO_PROCESS, 0) < 5)
            takeSignals();
    });
    BOOST_TEST_REQUIRE(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(who_has_a_lower_priority_keeps_it) {
    const int status = endOf([] {
        ::setpgid(0, 0);
        ::setpriority(PRIO_PROCESS, 0, 10);
        yieldAfter(std::chrono::milliseconds(1));
        const auto used = [] { return std::clock() * 1000 / CLOCKS_PER_SEC; };
        for (const auto began = used(); used() - began < 50;)
            takeSignals();
        itimerval left{};
        ::getitimer(ITIMER_PROF, &left); // zero once it has fired
        const bool fired = left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0;
        ::_exit(fired && ::getpriority(PRIO_PROCESS, 0) >= 10 ? 0 : 1);
    });
    BOOST_TEST_REQUIRE(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::os
