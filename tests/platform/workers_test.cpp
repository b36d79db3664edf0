// What becomes of the daemon when one of its threads fails.
#include "worker.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <semaphore>
#include <stdexcept>

namespace gatefold {
namespace {

using namespace std::chrono_literals;

constexpr BackOff atOnce{1ms, 1ms};

/// A small daemon in a process of its own: one worker, and a main thread that waits for a signal.
/// Its exit status; -1 when a signal killed it.
int daemonWith(OnBug on_bug, const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        platform::Signals signals;
        Workers workers(atOnce);
        workers.start("test", on_bug, [&](const std::stop_token&) { body(); });
        const bool told = signals.wait(60s) == SIGTERM;
        workers.stop();
        ::_exit(!told ? 99 : workers.failed() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

BOOST_AUTO_TEST_SUITE(workers)

BOOST_AUTO_TEST_CASE(a_store_that_is_busy_ends_no_worker) {
    for (const OnBug on_bug : {OnBug::tryAgain, OnBug::endDaemon}) {
        int calls = 0;
        std::binary_semaphore done(0);
        {
            Workers workers(atOnce);
            workers.start("test", on_bug, [&](const std::stop_token&) {
                if (++calls < 4)
                    throw Error(ErrorCode::unavailable, "busy");
                done.release();
            });
            done.acquire();
            BOOST_TEST(!workers.failed());
        }
        BOOST_TEST(calls == 4);
    }
}

BOOST_AUTO_TEST_CASE(a_bug_in_a_worker_the_box_needs_ends_the_daemon_as_a_failure) {
    BOOST_TEST(daemonWith(OnBug::endDaemon, [] { throw std::logic_error("a bug"); }) == 1);
}

BOOST_AUTO_TEST_CASE(a_bug_during_the_stop_is_known_after_it) {
    const pid_t child = ::fork(); // it sends this process a SIGTERM
    if (child == 0) {
        const platform::Signals signals;
        Workers workers(atOnce);
        std::binary_semaphore begun(0);
        workers.start("test", OnBug::endDaemon, [&](const std::stop_token& stop) {
            begun.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            throw std::logic_error("a bug");
        });
        begun.acquire();
        workers.stop();
        ::_exit(workers.failed() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 1);
}

BOOST_AUTO_TEST_CASE(a_request_from_outside_is_no_failure) {
    BOOST_TEST(daemonWith(OnBug::endDaemon, [] { ::kill(::getpid(), SIGTERM); }) == 0);
}

BOOST_AUTO_TEST_CASE(a_bug_elsewhere_is_tried_again) {
    int calls = 0;
    std::binary_semaphore done(0);
    Workers workers(atOnce);
    workers.start("test", OnBug::tryAgain, [&](const std::stop_token&) {
        if (++calls < 3)
            throw std::logic_error("a bug");
        done.release();
    });
    done.acquire();
    BOOST_TEST(!workers.failed());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold
