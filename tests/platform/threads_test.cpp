#include "platform/signals.hpp"
#include "platform/system_clock.hpp"
#include "platform/thread_name.hpp"
#include "platform/wakeup.hpp"

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>

#include <thread>

namespace gatefold::platform {
namespace {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(a_wake_before_the_sleep_is_not_lost_and_many_are_one) {
    Wakeup wakeup;
    wakeup.wake();
    wakeup.wake();
    BOOST_TEST(wakeup.wait(milliseconds(0)));
    BOOST_TEST(!wakeup.wait(milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(a_sleeper_is_woken_by_another_thread) {
    Wakeup wakeup;
    const std::jthread other([&] { wakeup.wake(); });
    BOOST_TEST(wakeup.wait(milliseconds(60000)));
}

BOOST_AUTO_TEST_CASE(a_request_to_stop_reaches_the_waiting_thread) {
    // In a child, because the blocked signals stay blocked for the whole process.
    const pid_t child = ::fork();
    if (child == 0) {
        Signals signals;
        const bool none = !signals.wait(milliseconds(0));
        Signals::requestStop();
        const bool stopped = signals.wait(milliseconds(60000)) == SIGTERM;
        ::raise(SIGPIPE);
        ::_exit(none && stopped ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_CASE(names_of_threads_are_cut_to_what_the_kernel_keeps) {
    char name[16] = {};
    std::jthread([&] {
        nameThread("dev-usb-1-1.3.4.2");
        pthread_getname_np(pthread_self(), name, sizeof name);
    }).join();
    BOOST_TEST(std::string(name) == "dev-usb-1-1.3.4");
}

BOOST_AUTO_TEST_CASE(the_clock_reads_this_century_and_never_goes_back) {
    const SystemClock clock;
    const Now first = clock.now();
    const Now second = clock.now();
    BOOST_TEST((first.mono <= second.mono));
    BOOST_TEST(isoTime(first.wall).starts_with("20"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
