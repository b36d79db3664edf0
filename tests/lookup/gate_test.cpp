#include "lookup/gate.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

Jitter steady(double value) {
    return [value] { return value; };
}

GateRules rulesOf(int per_window, Millis gap) {
    GateRules rules;
    rules.pace = {per_window, Millis{60'000}, gap};
    return rules;
}

MonoTime at(std::int64_t ms) {
    return MonoTime{Millis{ms}};
}

/// Waits until so many threads stand in the queue; each look gives way to them.
void awaitWaiting(const Gate& gate, std::size_t count) {
    while (gate.view().waiting != count)
        std::this_thread::yield();
}

void oneSuccess(Gate& gate, const OnlineCall& call = {}) {
    gate.enter(call);
    Gate::Turn(gate).succeeded({});
}

WallTime oneFailure(Gate& gate, Failure failure, const OnlineCall& call = {}) {
    gate.enter(call);
    return Gate::Turn(gate).failed(std::move(failure), {});
}

} // namespace

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(a_gap_stands_between_two_requests) {
    Pace pace({60, Millis{60'000}, Millis{1'000}});
    pace.sent(at(5'000));
    BOOST_TEST((pace.due() == at(6'000)));
}

BOOST_AUTO_TEST_CASE(a_window_holds_no_more_than_its_limit) {
    Pace pace({3, Millis{60'000}, Millis{0}});
    pace.sent(at(0));
    pace.sent(at(10'000));
    BOOST_TEST((pace.due() <= at(10'000)));
    pace.sent(at(20'000));
    BOOST_TEST((pace.due() == at(60'000)));
    pace.sent(at(60'000));
    BOOST_TEST((pace.due() == at(70'000)));
}

BOOST_AUTO_TEST_CASE(the_servers_limit_replaces_ours) {
    Pace pace({60, Millis{60'000}, Millis{0}});
    pace.sent(at(0));
    pace.sent(at(1'000));
    pace.told({2, 1, {}}, at(1'500));
    BOOST_TEST((pace.due() == at(60'000)));
}

BOOST_AUTO_TEST_CASE(nothing_remaining_means_waiting_for_the_window_to_move) {
    Pace pace({60, Millis{60'000}, Millis{0}});
    pace.sent(at(2'000));
    pace.told({60, 0, {}}, at(2'500));
    BOOST_TEST((pace.due() == at(62'000)));
}

BOOST_AUTO_TEST_CASE(retry_after_is_obeyed_and_bounded) {
    Pace pace({60, Millis{60'000}, Millis{0}});
    pace.told({{}, {}, Millis{30'000}}, at(1'000));
    BOOST_TEST((pace.due() == at(31'000)));
    pace.told({{}, {}, Millis{999'999'999'999}}, at(1'000));
    BOOST_TEST((pace.due() == at(86'401'000)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(breaker)

BOOST_AUTO_TEST_CASE(the_pause_doubles_and_is_capped) {
    Breaker breaker({}, steady(1.0));
    const std::vector<std::int64_t> pauses{2'000,   4'000,   8'000,   16'000,  32'000, 64'000,
                                           128'000, 256'000, 512'000, 900'000, 900'000};
    for (const std::int64_t pause : pauses) {
        breaker.failed({}, at(0));
        BOOST_TEST((breaker.due() == at(pause)));
    }
}

BOOST_AUTO_TEST_CASE(jitter_shortens_the_pause_by_up_to_half) {
    Breaker breaker({}, steady(0.0));
    breaker.failed({}, at(0));
    BOOST_TEST((breaker.due() == at(1'000)));
    Breaker other({}, steady(0.5));
    other.failed({}, at(0));
    BOOST_TEST((other.due() == at(1'500)));
}

BOOST_AUTO_TEST_CASE(a_longer_time_that_the_source_names_wins) {
    Breaker breaker({}, steady(0.0));
    breaker.failed({FailureKind::busy, "too many requests", Millis{45'000}}, at(1'000));
    BOOST_TEST((breaker.due() == at(46'000)));
}

BOOST_AUTO_TEST_CASE(it_opens_with_the_fifth_failure_and_closes_with_a_success) {
    Breaker breaker({}, steady(1.0));
    for (int i = 0; i < 4; ++i)
        breaker.failed({}, at(0));
    BOOST_TEST(!breaker.open(at(0)));
    breaker.failed({}, at(0));
    BOOST_TEST(breaker.open(at(31'999)));
    BOOST_TEST(!breaker.open(at(32'000)));
    breaker.succeeded();
    BOOST_TEST(!breaker.open(at(0)));
    BOOST_TEST(breaker.failuresInARow() == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_opens_it_at_once_and_for_longer) {
    Breaker breaker({}, steady(1.0));
    breaker.failed({FailureKind::refused, "no", Millis{0}}, at(0));
    BOOST_TEST(breaker.open(at(899'999)));
    BOOST_TEST(!breaker.open(at(900'000)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(gate)

BOOST_AUTO_TEST_CASE(questions_wait_for_their_gap) {
    TestClock clock;
    LeapWaiting waiting(clock);
    Gate gate("MusicBrainz", rulesOf(60, Millis{1'000}), clock, waiting, steady(0.0));
    for (int i = 0; i < 5; ++i)
        oneSuccess(gate);
    BOOST_TEST(clock.passed().count() == 4'000);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit_goes_within_any_window) {
    TestClock clock;
    LeapWaiting waiting(clock);
    Gate gate("Discogs", rulesOf(60, Millis{0}), clock, waiting, steady(0.0));
    std::vector<std::int64_t> sent;
    for (int i = 0; i < 150; ++i) {
        oneSuccess(gate);
        sent.push_back(clock.passed().count());
    }
    for (std::size_t i = 60; i < sent.size(); ++i)
        BOOST_TEST(sent[i] - sent[i - 60] >= 60'000);
    BOOST_TEST(sent.back() == 120'000);
}

BOOST_AUTO_TEST_CASE(a_wait_longer_than_allowed_is_refused_at_once_with_the_time) {
    TestClock clock;
    LeapWaiting waiting(clock);
    Gate gate("Discogs", rulesOf(1, Millis{0}), clock, waiting, steady(0.0));
    oneSuccess(gate);
    OnlineCall call;
    call.max_wait = Millis{10'000};
    const Refusal refusal = refusalOf([&] { gate.enter(call); });
    BOOST_TEST(refusal.thrown);
    BOOST_TEST((refusal.code == ErrorCode::rateLimited));
    BOOST_REQUIRE(refusal.retry_at.has_value());
    BOOST_TEST(isoTime(*refusal.retry_at) == "2026-03-01T12:01:00.000Z");
    BOOST_TEST(clock.passed().count() == 0);
    BOOST_TEST(gate.view().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_next_question_waits_and_a_success_forgets_it) {
    TestClock clock;
    LeapWaiting waiting(clock);
    Gate gate("Discogs", rulesOf(60, Millis{0}), clock, waiting, steady(0.0));
    BOOST_TEST(isoTime(oneFailure(gate, {})) == "2026-03-01T12:00:01.000Z");
    oneSuccess(gate);
    BOOST_TEST(clock.passed().count() == 1'000);
    oneSuccess(gate);
    BOOST_TEST(clock.passed().count() == 1'000);
}

BOOST_AUTO_TEST_CASE(an_open_breaker_lets_nobody_wait_then_one_question_through) {
    TestClock clock;
    LeapWaiting waiting(clock);
    Gate gate("Discogs", rulesOf(60, Millis{0}), clock, waiting, steady(1.0));
    for (int i = 0; i < 5; ++i)
        oneFailure(gate, {FailureKind::unreachable, "HTTP 500", Millis{0}});
    const auto before = clock.passed();
    const Refusal refusal = refusalOf([&] { gate.enter({}); });
    BOOST_TEST((refusal.code == ErrorCode::unavailable));
    BOOST_TEST(refusal.message == "Discogs is not asked for now: HTTP 500");
    BOOST_TEST((clock.passed() == before));
    clock.advance(Millis{32'000});
    oneFailure(gate, {FailureKind::unreachable, "HTTP 500", Millis{0}});
    BOOST_TEST(refusalOf([&] { gate.enter({}); }).thrown);
    clock.advance(Millis{64'000});
    oneSuccess(gate);
    oneSuccess(gate);
    BOOST_TEST(gate.view().failures_in_a_row == 0);
}

BOOST_AUTO_TEST_CASE(a_person_overtakes_background_work_and_the_rest_keeps_its_order) {
    TestClock clock;
    StillWaiting waiting;
    Gate gate("Discogs", rulesOf(60, Millis{0}), clock, waiting, steady(0.0));
    gate.enter({});
    std::vector<std::string> order;
    const auto asker = [&](const std::string& name, OnlinePriority priority) {
        return std::jthread([&gate, &order, name, priority] {
            OnlineCall call;
            call.priority = priority;
            gate.enter(call);
            order.push_back(name); // one turn at a time: nobody else writes
            Gate::Turn(gate).succeeded({});
        });
    };
    std::vector<std::jthread> askers;
    askers.push_back(asker("first", OnlinePriority::background));
    awaitWaiting(gate, 1);
    askers.push_back(asker("second", OnlinePriority::background));
    awaitWaiting(gate, 2);
    askers.push_back(asker("person", OnlinePriority::person));
    awaitWaiting(gate, 3);
    Gate::Turn(gate).succeeded({});
    askers.clear();
    BOOST_TEST(order == (std::vector<std::string>{"person", "first", "second"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses) {
    TestClock clock;
    StillWaiting waiting;
    GateRules rules = rulesOf(60, Millis{0});
    rules.most_waiting = 2;
    Gate gate("Discogs", rules, clock, waiting, steady(0.0));
    gate.enter({});
    std::stop_source stop;
    OnlineCall call;
    call.stop = stop.get_token();
    std::vector<std::jthread> askers;
    for (std::size_t i = 1; i <= 2; ++i) {
        askers.emplace_back([&] { refusalOf([&] { gate.enter(call); }); });
        awaitWaiting(gate, i);
    }
    const Refusal refusal = refusalOf([&] { gate.enter({}); });
    BOOST_TEST((refusal.code == ErrorCode::rateLimited));
    BOOST_TEST(refusal.message == "too many questions to Discogs wait");
    stop.request_stop();
    askers.clear();
    BOOST_TEST(gate.view().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
    TestClock clock;
    StillWaiting waiting;
    Gate gate("Discogs", rulesOf(60, Millis{0}), clock, waiting, steady(0.0));
    gate.enter({});
    std::stop_source stop;
    OnlineCall call;
    call.stop = stop.get_token();
    Refusal refusal;
    std::jthread asker([&] { refusal = refusalOf([&] { gate.enter(call); }); });
    awaitWaiting(gate, 1);
    stop.request_stop();
    asker.join();
    BOOST_TEST((refusal.code == ErrorCode::conflict));
    BOOST_TEST(!refusal.retry_at.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
