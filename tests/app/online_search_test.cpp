#include "app/online_search.hpp"

#include "core/pressing_facts.hpp"
#include "core/retry_later.hpp"
#include "tests/app/fake_online_sources.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

struct SearchingHousehold : Household {
    FakeReleaseSource discogs{"discogs"}, musicbrainz{"musicbrainz"};
    OnlineSearch search{store, catalogue, {{&discogs, &musicbrainz}, nullptr}};

    void knows(FakeReleaseSource& source, const std::string& words, ReleaseId id,
               const std::string& mbid) {
        OnlineRelease known;
        known.release = test::release(id, "Nobody", "Found", "");
        known.mbid = mbid;
        known.origin = {std::string(source.name()), "https://source.test", clock.now().wall, {}};
        OnlineCandidate hit;
        hit.release = candidateOf(known.release, MatchKind::exact, "");
        hit.mbid = mbid;
        hit.origin = known.origin;
        source.by_words[words].push_back(hit);
        source.releases[id != 0 ? std::to_string(id) : mbid] = known;
    }
    static OnlineChoice byMbid(const std::string& mbid) {
        OnlineChoice choice;
        choice.source = "musicbrainz";
        choice.mbid = mbid;
        return choice;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(online_search, SearchingHousehold)

BOOST_AUTO_TEST_CASE(sources_are_asked_for_what_was_typed_as_what_it_is) {
    search.find("SD 8216", std::nullopt);
    search.find("nobody found", std::nullopt);
    search.find("9780201379624", std::nullopt);
    search.find("SD 8216", ReadAs::text);
    const std::vector<std::string> asked{"catno SD 8216", "text nobody found",
                                         "barcode 09780201379624", "text SD 8216"};
    BOOST_TEST(discogs.asked == asked, boost::test_tools::per_element());
    BOOST_TEST(musicbrainz.asked == asked, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_release_that_two_sources_know_comes_once_and_with_its_notice) {
    knows(discogs, "nobody found", 5000, "");
    knows(musicbrainz, "nobody found", 5000, "mb-1");
    knows(musicbrainz, "nobody found", 0, "mb-2");
    const OnlineAnswer answer = search.find("nobody found", std::nullopt);
    BOOST_TEST_REQUIRE(answer.found.size() == 2U);
    BOOST_TEST(answer.found[0].release.release_id == 5000);
    BOOST_TEST(answer.found[0].attribution.notice == "Data provided by discogs.");
    BOOST_TEST(answer.found[1].mbid.value_or("") == "mb-2");
}

BOOST_AUTO_TEST_CASE(a_silent_source_is_named_and_the_other_answers) {
    knows(musicbrainz, "nobody found", 5000, "mb-1");
    discogs.before_answer = [] { throw OnlineError(ErrorCode::unauthenticated, "no token"); };
    const OnlineAnswer answer = search.find("nobody found", std::nullopt);
    BOOST_TEST(answer.found.size() == 1U);
    BOOST_TEST_REQUIRE(answer.silent.size() == 1U);
    BOOST_TEST(answer.silent[0].name == "discogs");
    BOOST_TEST(answer.silent[0].detail == "no token");
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_question_that_is_asked_and_all_later_ones) {
    knows(musicbrainz, "nobody found", 5000, "mb-1");
    discogs.before_answer = [&] { search.stop(); };
    const auto isUnavailable = [](const RetryLater& error) {
        return error.code() == ErrorCode::unavailable;
    };
    BOOST_CHECK_EXCEPTION(search.find("nobody found", std::nullopt), RetryLater, isUnavailable);
    BOOST_TEST(musicbrainz.asked.empty());
    BOOST_CHECK_EXCEPTION(search.find("nobody found", std::nullopt), RetryLater, isUnavailable);
    BOOST_CHECK_EXCEPTION(search.take(byMbid("mb-1"), allowed), RetryLater, isUnavailable);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_off_is_not_asked) {
    discogs.state = OnlineState::off;
    search.find("nobody found", std::nullopt);
    BOOST_TEST(discogs.asked.empty());
    BOOST_TEST(musicbrainz.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_chosen_can_be_owned_without_the_internet) {
    knows(discogs, "nobody found", 5000, "");
    OnlineChoice choice;
    choice.source = "discogs";
    choice.release_id = 5000;
    BOOST_TEST(search.take(choice, allowed).release_id == 5000);
    NewCopy copy;
    copy.release_id = 5000;
    BOOST_TEST(collection.add(copy).title == "Found");
}

BOOST_AUTO_TEST_CASE(a_release_without_a_discogs_number_gets_one_id_for_ever) {
    knows(musicbrainz, "nobody found", 0, "mb-2");
    const ReleaseId first = search.take(byMbid("mb-2"), allowed).release_id;
    BOOST_TEST(first >= firstOwnReleaseId);
    BOOST_TEST(search.take(byMbid("mb-2"), allowed).release_id == first);
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused_before_anybody_is_asked) {
    BOOST_CHECK_THROW(search.find("", std::nullopt), Error);
    BOOST_CHECK_THROW(search.find(" - ", std::nullopt), Error);
    BOOST_CHECK_THROW(search.find(std::string(600, 'a'), std::nullopt), Error);
    BOOST_CHECK_THROW(search.find("9780201379625", ReadAs::barcode), Error);
    OnlineChoice nowhere;
    nowhere.source = "elsewhere";
    nowhere.release_id = 1;
    BOOST_CHECK_THROW(search.take(nowhere, allowed), Error);
    BOOST_CHECK_THROW(search.take(byMbid("gone"), allowed), Error);
    BOOST_TEST(discogs.asked.empty());
}

BOOST_AUTO_TEST_SUITE_END()
