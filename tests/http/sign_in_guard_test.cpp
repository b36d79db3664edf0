#include "core/retry_later.hpp"
#include "fakes.hpp"
#include "http/sign_in_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace gatefold;
using namespace gatefold::http;

namespace {

/// Seconds to wait, 0 when the try is let through.
int tried(SignInGuard& guard, const std::string& account, const std::string& address) {
    try {
        guard.attempt(account, address);
    } catch (const RetryLater& later) {
        return static_cast<int>(later.after().count());
    }
    return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sign_in_guard)

BOOST_AUTO_TEST_CASE(the_wait_doubles_after_five_failures_up_to_a_minute) {
    FakeClock clock;
    SignInGuard guard(clock);
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(tried(guard, "anna", "10.0.0." + std::to_string(i)) == 0);
    for (const int expected : {1, 2, 4, 8, 16, 32, 60, 60}) {
        BOOST_TEST(tried(guard, "anna", "10.0.1.1") == expected);
        clock.pass(std::chrono::seconds(expected));
        BOOST_TEST(tried(guard, "anna", "10.0.2." + std::to_string(expected)) == 0);
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_tries_many_names_is_slowed_down) {
    FakeClock clock;
    SignInGuard guard(clock);
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(tried(guard, "name" + std::to_string(i), "10.0.0.1") == 0);
    BOOST_TEST(tried(guard, "name7", "10.0.0.1") == 1);
    BOOST_TEST(tried(guard, "name7", "10.0.0.2") == 0);
}

BOOST_AUTO_TEST_CASE(success_forgets_and_nobody_is_locked_out) {
    FakeClock clock;
    SignInGuard guard(clock);
    for (int i = 0; i < 6; ++i)
        tried(guard, "anna", "10.0.0.1");
    BOOST_TEST(tried(guard, "anna", "10.0.0.1") == 1);
    guard.success("anna", "10.0.0.1");
    BOOST_TEST(tried(guard, "anna", "10.0.0.1") == 0);
}

BOOST_AUTO_TEST_CASE(a_flood_of_names_does_not_grow_without_bound_and_keeps_the_latest) {
    FakeClock clock;
    SignInGuard guard(clock);
    for (int i = 0; i < 20'000; ++i)
        tried(guard, "name" + std::to_string(i),
              "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(tried(guard, "anna", "192.168.0." + std::to_string(i)) == 0);
    BOOST_TEST(tried(guard, "anna", "192.168.1.1") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
