#include "platform/signals.hpp"
#include "platform/system_clock.hpp"

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>

namespace gatefold::platform {
namespace {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(threads)

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
