#include "os/thread_name.hpp"
#include "os/wakeup.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>

namespace gatefold::os {
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

BOOST_AUTO_TEST_CASE(names_of_threads_are_cut_to_what_the_kernel_keeps) {
    char name[16] = {};
    std::jthread([&] {
        nameThread("dev-usb-1-1.3.4.2");
        pthread_getname_np(pthread_self(), name, sizeof name);
    }).join();
    BOOST_TEST(std::string(name) == "dev-usb-1-1.3.4");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::os
