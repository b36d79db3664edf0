#include "drivers/vision_link/photo_queue.hpp"

#include "core/retry_later.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace gatefold::vision_link {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Place = PhotoQueue::Place;

/// For places that are free, or become so.
Clock::time_point soon() {
    return Clock::now() + 60s;
}

BOOST_AUTO_TEST_SUITE(photo_queue)

BOOST_AUTO_TEST_CASE(who_finds_no_place_in_time_is_told_when_to_come_back) {
    PhotoQueue queue;
    const Place one(queue, soon()), two(queue, soon()), three(queue, soon());
    BOOST_CHECK_EXCEPTION(Place(queue, Clock::now()), RetryLater, [](const RetryLater& later) {
        return later.code() == ErrorCode::unavailable && later.after() == 5s;
    });
}

BOOST_AUTO_TEST_CASE(a_stop_gives_up_who_has_a_place_and_refuses_who_waits_or_comes) {
    PhotoQueue queue;
    const Place one(queue, soon()), two(queue, soon()), three(queue, soon());
    std::atomic<bool> refused = false;
    std::jthread waiting([&] {
        BOOST_CHECK_THROW(Place(queue, soon()), RetryLater);
        refused = true;
    });
    queue.stop();
    waiting.join();
    BOOST_TEST(refused);
    BOOST_TEST(one.givenUp());
    BOOST_CHECK_THROW(Place(queue, soon()), RetryLater);
}

BOOST_AUTO_TEST_CASE(a_place_is_free_again_when_its_photo_has_been_read) {
    PhotoQueue queue;
    const Place one(queue, soon()), two(queue, soon());
    std::optional<Place> three(std::in_place, queue, soon());
    three.reset();
    BOOST_CHECK_NO_THROW(Place(queue, Clock::now()));
}

BOOST_AUTO_TEST_CASE(slow_photos_go_on_while_nobody_waits) {
    PhotoQueue queue;
    Place one(queue, soon()), two(queue, soon()), three(queue, soon());
    for (Place* place : {&two, &one, &three})
        place->becomeSlow();
    for (const Place* place : {&one, &two, &three})
        BOOST_TEST(!place->givenUp());
}

BOOST_AUTO_TEST_CASE(the_one_that_is_slow_for_longest_makes_room) {
    PhotoQueue queue(0ms);
    Place one(queue, soon()), two(queue, soon()), three(queue, soon());
    for (Place* place : {&two, &one, &two, &three})
        place->becomeSlow();
    BOOST_CHECK_THROW(Place(queue, Clock::now()), RetryLater); // it waited, though not for long
    BOOST_TEST(two.givenUp());
    BOOST_TEST(!one.givenUp());
    BOOST_TEST(!three.givenUp());
}

BOOST_AUTO_TEST_CASE(slow_photos_go_on_while_the_one_that_waits_has_patience) {
    PhotoQueue queue(1h);
    Place one(queue, soon()), two(queue, soon()), three(queue, soon());
    for (Place* place : {&one, &two, &three})
        place->becomeSlow();
    bool given_up = false;
    auto waiting =
        std::async(std::launch::async, [&] { const Place place(queue, Clock::now() + 50ms); });
    while (waiting.wait_for(0ms) != std::future_status::ready)
        given_up = given_up || one.givenUp();
    BOOST_CHECK_THROW(waiting.get(), RetryLater);
    BOOST_TEST(!given_up);
}

BOOST_AUTO_TEST_CASE(a_prompt_photo_beside_two_slow_ones_keeps_them_going) {
    PhotoQueue queue(0ms);
    Place one(queue, soon()), two(queue, soon());
    const Place prompt(queue, soon());
    one.becomeSlow();
    two.becomeSlow();
    BOOST_CHECK_THROW(Place(queue, Clock::now()), RetryLater);
    BOOST_TEST(!one.givenUp());
    BOOST_TEST(!two.givenUp());
}

BOOST_AUTO_TEST_CASE(a_photo_that_comes_beside_slow_ones_alone_gets_a_place) {
    PhotoQueue queue(0ms);
    std::atomic<int> slow = 0, given_up = 0;
    std::atomic<bool> done = false;
    const auto read = [&] { // until it is given up
        Place place(queue, soon());
        place.becomeSlow();
        ++slow;
        while (!place.givenUp() && !done)
            std::this_thread::yield();
        given_up += place.givenUp() ? 1 : 0;
    };
    std::vector<std::jthread> readers;
    for (int i = 0; i < 16; ++i)
        readers.emplace_back(read);
    while (slow < 16)
        std::this_thread::yield();
    {
        const Place prompt(queue, soon());
        BOOST_TEST(given_up == 14);
    }
    done = true;
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision_link
