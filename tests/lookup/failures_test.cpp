#include "lookup/discogs.hpp"
#include "lookup/musicbrainz.hpp"
#include "tests/lookup/hostile_server.hpp"
#include "tests/lookup/surroundings.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::lookup;

namespace {

const std::string page = "/releases/900101";

/// Discogs as it must not be, without jitter (every pause is half of the doubled one).
struct Broken {
    std::optional<OnlineRelease> ask() { return source.release({900101, {}}, call); }
    Refusal refused() {
        return refusalOf([&] { ask(); });
    }
    std::string retryAt() {
        const Refusal refusal = refused();
        return refusal.retry_at ? isoTime(*refusal.retry_at) : "never";
    }
    std::size_t asked() const { return server.requests().size(); }

    HostileServer server;
    TestSurroundings house;
    Discogs source{{true, server.url(), {}}, house.around};
    OnlineCall call;
};

} // namespace

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(every_way_to_fail_is_an_error_with_a_time_to_ask_again) {
    struct Way {
        std::string answer;
        ErrorCode code;
        std::string message;
        OnlineState state;
    };
    const std::string truncated = R"({"id": 900101, "title": "Nig)";
    const std::vector<Way> ways{
        {reply(401, "{}"), ErrorCode::unauthenticated,
         "Discogs: the token is missing or not accepted", OnlineState::unauthorised},
        {reply(403, "<html>"), ErrorCode::unauthenticated,
         "Discogs: it refuses this box (HTTP 403)", OnlineState::unauthorised},
        {reply(429, "{}"), ErrorCode::rateLimited, "Discogs: too many requests",
         OnlineState::waiting},
        {reply(429, "{}", "Retry-After: 30\r\n"), ErrorCode::rateLimited,
         "Discogs: too many requests", OnlineState::waiting},
        {reply(503, "", "Retry-After: 30\r\n"), ErrorCode::rateLimited,
         "Discogs: too many requests", OnlineState::waiting},
        {reply(500, "oops"), ErrorCode::unavailable, "Discogs: HTTP 500", OnlineState::unreachable},
        {reply(502, ""), ErrorCode::unavailable, "Discogs: HTTP 502", OnlineState::unreachable},
        {reply(503, ""), ErrorCode::unavailable, "Discogs: HTTP 503", OnlineState::unreachable},
        {reply(204, ""), ErrorCode::unavailable, "Discogs: HTTP 204", OnlineState::unreachable},
        {reply(302, ""), ErrorCode::unavailable, "Discogs: HTTP 302", OnlineState::unreachable},
        {reply(200, "<html>Down for maintenance</html>"), ErrorCode::unavailable, "",
         OnlineState::unreachable},
        {reply(200, ""), ErrorCode::unavailable, "", OnlineState::unreachable},
        {reply(200, "[]"), ErrorCode::unavailable,
         "Discogs: its answer is not readable: it has no \"id\"", OnlineState::unreachable},
        {reply(200, R"({"id": 900101})"), ErrorCode::unavailable,
         "Discogs: its answer is not readable: it has no \"title\"", OnlineState::unreachable},
        {reply(200, truncated), ErrorCode::unavailable,
         "Discogs: its answer is not readable: not a JSON document: line 1, column 29: syntax "
         "error while parsing value - invalid string: missing closing quote",
         OnlineState::unreachable},
        {reply(200, std::string(100'000, '[')), ErrorCode::unavailable, "",
         OnlineState::unreachable},
        {"", ErrorCode::unavailable, "", OnlineState::unreachable},
        {redirect("http://example.com/"), ErrorCode::unavailable,
         "Discogs: it leads to another host (example.com), which is not followed",
         OnlineState::unreachable},
    };
    for (const Way& way : ways) {
        Broken broken;
        broken.server.on(page, way.answer);
        const Refusal refusal = broken.refused();
        BOOST_TEST_CONTEXT(way.answer.substr(0, 80)) {
            BOOST_TEST((refusal.code == way.code));
            if (!way.message.empty())
                BOOST_TEST(refusal.message == way.message);
            BOOST_TEST(refusal.retry_at.has_value());
            const auto status = broken.source.status();
            BOOST_TEST((status.state == way.state));
            BOOST_TEST((status.until == refusal.retry_at));
            BOOST_TEST(!status.detail.empty());
            BOOST_TEST(!status.last_success_at.has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_question_it_does_not_take_is_no_failure_of_the_source) {
    Broken broken;
    broken.server.on(page, reply(400, "{}"));
    const Refusal refusal = broken.refused();
    BOOST_TEST((refusal.code == ErrorCode::invalid));
    BOOST_TEST(!refusal.retry_at.has_value());
    BOOST_TEST((broken.source.status().state != OnlineState::unreachable));
}

BOOST_AUTO_TEST_CASE(too_many_requests_without_a_time_backs_off_by_doubling) {
    Broken broken;
    broken.server.on(page, reply(429, "{}"));
    BOOST_TEST(broken.retryAt() == "2026-03-01T12:00:01.000Z");
    BOOST_TEST(broken.retryAt() == "2026-03-01T12:00:03.000Z");
    BOOST_TEST(broken.retryAt() == "2026-03-01T12:00:07.000Z");
    BOOST_TEST(broken.asked() == 3u);
}

BOOST_AUTO_TEST_CASE(too_many_requests_with_a_time_waits_that_long) {
    Broken broken;
    broken.server.on(page, reply(429, "{}", "Retry-After: 30\r\n"));
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    BOOST_TEST(broken.retryAt() == "2026-03-01T12:00:30.000Z");
    BOOST_TEST(broken.ask().has_value());
    BOOST_TEST(broken.house.clock.passed().count() == 30'000);
}

BOOST_AUTO_TEST_CASE(the_time_may_be_a_date) {
    Broken broken;
    broken.server.on(page, reply(429, "{}", "Retry-After: Sun, 01 Mar 2026 12:02:00 GMT\r\n"));
    BOOST_TEST(broken.retryAt() == "2026-03-01T12:02:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_nonsense_time_counts_as_none) {
    for (const std::string time : {"soon", "-5", "99999999999999999999", ""}) {
        Broken broken;
        broken.server.on(page, reply(429, "{}", "Retry-After: " + time + "\r\n"));
        BOOST_TEST(broken.retryAt() == "2026-03-01T12:00:01.000Z", time);
    }
}

BOOST_AUTO_TEST_CASE(the_limits_in_the_headers_are_obeyed) {
    Broken broken;
    broken.server.on(page, reply(200, fixture("discogs_release.json"),
                                 "X-Discogs-Ratelimit: 60\r\nX-Discogs-Ratelimit-Used: 60\r\n"
                                 "X-Discogs-Ratelimit-Remaining: 0\r\n"));
    broken.call.refresh = true;
    BOOST_TEST(broken.ask().has_value());
    const auto status = broken.source.status();
    BOOST_TEST((status.state == OnlineState::unauthorised || status.state == OnlineState::waiting));
    BOOST_TEST(isoTime(status.until.value()) == "2026-03-01T12:01:00.000Z");
    BOOST_TEST(broken.ask().has_value());
    BOOST_TEST(broken.house.clock.passed().count() == 60'000);
}

BOOST_AUTO_TEST_CASE(a_lower_limit_than_ours_is_learned_from_the_first_answer) {
    Broken broken;
    broken.server.on(page,
                     reply(200, fixture("discogs_release.json"), "X-Discogs-Ratelimit: 2\r\n"));
    broken.call.refresh = true;
    for (int i = 0; i < 5; ++i)
        broken.ask();
    BOOST_TEST(broken.house.clock.passed().count() == 120'000);
}

BOOST_AUTO_TEST_CASE(the_breaker_opens_asks_once_after_its_pause_and_closes) {
    Broken broken;
    for (int i = 0; i < 6; ++i)
        broken.server.on(page, reply(500, ""));
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    for (int i = 0; i < 5; ++i)
        broken.refused();
    BOOST_TEST(broken.asked() == 5u);
    BOOST_TEST(broken.refused().message == "Discogs is not asked for now: HTTP 500");
    BOOST_TEST(broken.asked() == 5u);
    const OnlineSourceStatus open = broken.source.status(); // what GET /api/v1/sources shows
    BOOST_TEST((open.state == OnlineState::unreachable));
    BOOST_TEST(open.detail == "HTTP 500");
    BOOST_TEST(isoTime(open.until.value()) ==
               "2026-03-01T12:00:31.000Z"); // after 1+2+4+8 s, 16 more
    broken.house.clock.advance(Millis{16'000});
    broken.refused();
    BOOST_TEST(broken.asked() == 6u);
    broken.refused();
    BOOST_TEST(broken.asked() == 6u);
    broken.house.clock.advance(Millis{32'000});
    BOOST_TEST(broken.ask().has_value());
    BOOST_TEST(broken.asked() == 7u);
    BOOST_TEST(broken.source.status().last_success_at.has_value());
    BOOST_TEST(!broken.source.status().until.has_value());
}

BOOST_AUTO_TEST_CASE(a_stop_during_a_transfer_is_no_failure_of_the_source) {
    Broken broken;
    std::stop_source stop;
    broken.call.stop = stop.get_token();
    broken.server.on(page, [&](Peer& peer) {
        stop.request_stop();
        peer.fallSilent();
    });
    const Refusal refusal = broken.refused();
    BOOST_TEST((refusal.code == ErrorCode::conflict));
    BOOST_TEST(!refusal.retry_at.has_value());
    BOOST_TEST(!broken.source.status().until.has_value());
}

BOOST_AUTO_TEST_CASE(musicbrainz_is_asked_once_a_second) {
    HostileServer server;
    TestSurroundings house;
    MusicBrainz source({true, server.url(), {}}, house.around);
    for (int i = 0; i < 4; ++i)
        source.searchByText("night ferry " + std::to_string(i), 10, {});
    BOOST_TEST(server.requests().size() == 4u);
    BOOST_TEST(house.clock.passed().count() == 3'000);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(kept_answers)

BOOST_AUTO_TEST_CASE(an_answer_is_used_for_six_hours_and_no_longer) {
    Broken broken;
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    broken.ask();
    broken.house.clock.advance(std::chrono::hours(6) - Millis{1});
    const auto kept = broken.ask();
    BOOST_TEST(broken.asked() == 1u);
    BOOST_TEST(isoTime(kept->origin.fetched_at) == "2026-03-01T12:00:00.000Z");
    BOOST_TEST(isoTime(kept->origin.show_until.value()) == "2026-03-01T18:00:00.000Z");
    broken.house.clock.advance(Millis{1});
    const auto fresh = broken.ask();
    BOOST_TEST(broken.asked() == 2u);
    BOOST_TEST(isoTime(fresh->origin.fetched_at) == "2026-03-01T18:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(a_kept_answer_serves_while_the_source_is_down) {
    Broken broken;
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    broken.server.on("/releases/2", reply(500, ""));
    broken.ask();
    for (int i = 0; i < 5; ++i)
        refusalOf([&] { broken.source.release({2, {}}, {}); });
    BOOST_TEST(broken.ask().has_value());
}

BOOST_AUTO_TEST_CASE(a_refresh_asks_all_the_same) {
    Broken broken;
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    broken.ask();
    broken.call.refresh = true;
    broken.ask();
    BOOST_TEST(broken.asked() == 2u);
}

BOOST_AUTO_TEST_CASE(failures_and_unknown_things_are_not_kept) {
    Broken broken;
    broken.server.on(page, reply(404, "{}"));
    broken.server.on(page, reply(200, "{}"));
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    BOOST_TEST(!broken.ask().has_value());
    BOOST_TEST(broken.refused().thrown);
    BOOST_TEST(broken.ask().has_value());
}

BOOST_AUTO_TEST_CASE(damaged_and_future_answers_are_asked_for_again) {
    Broken broken;
    broken.server.on(page, reply(200, fixture("discogs_release.json")));
    broken.house.cache.keep("discogs", page,
                            {"{\"id\":", TestClock::begin(), TestClock::begin() + Millis{1}});
    BOOST_TEST(broken.ask().has_value());
    BOOST_TEST(broken.asked() == 1u);
    broken.house.cache.keep("discogs", page,
                            {fixture("discogs_release.json"), TestClock::begin() + Millis{60'000},
                             TestClock::begin() + Millis{90'000}});
    broken.ask();
    BOOST_TEST(broken.asked() == 2u);
}

BOOST_AUTO_TEST_CASE(a_restart_does_not_ask_again) {
    HostileServer server;
    server.on(page, reply(200, fixture("discogs_release.json")));
    TestSurroundings house;
    const auto ask = [&](AnswerCache& cache) {
        const Surroundings around{house.clock, house.waiting, cache, house.around.jitter,
                                  house.around.http};
        Discogs discogs({true, server.url(), {}}, around);
        return discogs.release({900101, {}}, {});
    };
    {
        store::AnswerFile before(house.folder.path());
        BOOST_TEST(ask(before).has_value());
    }
    house.clock.advance(std::chrono::hours(6) - Millis{1});
    store::AnswerFile after(house.folder.path());
    const auto kept = ask(after);
    BOOST_TEST(kept->release.release_id == 900101);
    BOOST_TEST(isoTime(kept->origin.show_until.value()) == "2026-03-01T18:00:00.000Z");
    BOOST_TEST(server.requests().size() == 1u);
    house.clock.advance(Millis{1}); // six hours are over
    BOOST_TEST(ask(after).has_value());
    BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
