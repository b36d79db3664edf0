#include "app/enrichment.hpp"

#include "core/pressing_facts.hpp"
#include "tests/app/fake_online_sources.hpp"
#include "tests/app/fake_pictures.hpp"
#include "tests/app/household.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;
using namespace gatefold::test;
using namespace std::chrono_literals;

namespace {

const std::string nobodys = "09780201379624"; ///< the GTIN of code::nobody

struct OnlineHousehold : Household {
    FakeShrinker shrinker;
    FakeCoverFiles files;
    FakeSecrets secrets;
    Covers covers{store, clock, shrinker, files, secrets, listening};
    FakeReleaseSource discogs{"discogs"}, musicbrainz{"musicbrainz"};
    FakeCoverSource coverart{"coverart"};
    Enrichment enrichment{store, clock, catalogue, covers, {{&discogs, &musicbrainz}, &coverart}};

    bool work() { return enrichment.work({}); }
    /// A worker that starts anew, as after a restart of the box.
    bool workAfterRestart() {
        Enrichment again(store, clock, catalogue, covers, {{&discogs, &musicbrainz}, &coverart});
        return again.work({});
    }

    /// What Discogs says about a release may be shown for six hours.
    OnlineRelease atDiscogs(ReleaseId id, const std::string& title, const std::string& barcode) {
        OnlineRelease out;
        out.release = test::release(id, "Nobody", title, barcode);
        out.origin = {"discogs", "https://discogs.test/release", clock.now().wall,
                      clock.now().wall + 6h};
        return out;
    }
    static OnlineCandidate candidate(const OnlineRelease& from, MatchKind match) {
        OnlineCandidate out;
        out.release = candidateOf(from.release, match, "");
        out.mbid = from.mbid;
        out.origin = from.origin;
        return out;
    }
    void discogsKnows(ReleaseId id, MatchKind match = MatchKind::exact) {
        const OnlineRelease known = atDiscogs(id, "Found", code::nobody);
        discogs.releases[std::to_string(id)] = known;
        discogs.by_barcode[nobodys].push_back(candidate(known, match));
    }
    /// MusicBrainz knows release 1 by a link to Discogs, and the archive has its front.
    void archiveHas(ReleaseId id) {
        OnlineRelease known;
        known.mbid = "mb-" + std::to_string(id);
        musicbrainz.releases[std::to_string(id)] = known;
        coverart.covers[*known.mbid] = "picture of " + std::to_string(id);
    }
    InboxItem item() { return inbox.open({}).items.at(0); }
    std::string urlOf(CopyId copy) { return collection.copy(copy).cover_url.value_or("none"); }
    static std::function<void()> failing(ErrorCode error, std::optional<WallTime> retry_at = {}) {
        return [=] { throw OnlineError(error, "no answer", retry_at); };
    }
    std::int64_t waitingFor(std::size_t source) {
        return enrichment.sources().at(source).requests_waiting;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(enrichment, OnlineHousehold)

BOOST_AUTO_TEST_CASE(an_unknown_code_is_answered_at_once_and_found_online_later) {
    discogsKnows(5000);
    BOOST_TEST((scan(code::nobody).outcome == Outcome::unknown));
    BOOST_TEST(discogs.asked.empty()); // never in a scan's way
    BOOST_TEST(item().candidates.empty());
    work();
    const InboxItem found = item();
    BOOST_TEST((found.kind == InboxKind::unknown));
    BOOST_TEST_REQUIRE(found.candidates.size() == 1U);
    BOOST_TEST(found.candidates[0].release_id == 5000);
    BOOST_TEST(found.candidates[0].title == "Found");
    BOOST_TEST((found.candidates[0].match == MatchKind::exact));
    BOOST_TEST_REQUIRE(found.attributions.size() == 1U);
    BOOST_TEST(found.attributions[0].source == "discogs");
    BOOST_TEST(found.attributions[0].notice == "Data provided by discogs.");
}

BOOST_AUTO_TEST_CASE(open_pages_hear_when_something_was_found) {
    const ScanAnswer unknown = scan(code::nobody);
    work(); // neither source knows it
    BOOST_TEST(lastEvent("inbox_changed") == "");
    discogsKnows(5000);
    clock.advance(24h * 8);
    work();
    BOOST_TEST(lastEvent("inbox_changed") == "{\"inbox_id\":\"" + unknown.inbox_id->text() +
                                                 "\",\"copy_id\":null,\"settled\":false}");
}

BOOST_AUTO_TEST_CASE(what_was_found_can_be_chosen_without_the_internet) {
    discogsKnows(5000);
    scan(code::nobody);
    work();
    discogs.before_answer = failing(ErrorCode::unavailable);
    Resolution choice;
    choice.release_id = 5000;
    inbox.resolve(item().id, choice);
    BOOST_TEST((scan(code::nobody).outcome == Outcome::played));
    BOOST_TEST(contains(playing(), "Found"));
}

BOOST_AUTO_TEST_CASE(the_same_question_is_asked_once_also_over_a_restart) {
    scan(code::nobody); // neither source knows it
    work();
    const std::vector<std::string> once{"barcode " + nobodys};
    BOOST_TEST(discogs.asked == once, boost::test_tools::per_element());
    BOOST_TEST(musicbrainz.asked == once, boost::test_tools::per_element());
    work();
    workAfterRestart();
    BOOST_TEST(discogs.asked == once, boost::test_tools::per_element());
    clock.advance(24h * 8);
    work();
    BOOST_TEST(discogs.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_settled_item_asks_nothing_more) {
    scan(code::nobody);
    Resolution dismissed;
    dismissed.dismiss = true;
    inbox.resolve(item().id, dismissed);
    scan("no barcode at all");
    work();
    BOOST_TEST(discogs.asked.empty());
}

BOOST_AUTO_TEST_CASE(exact_hits_push_weak_ones_aside) {
    discogsKnows(5001, MatchKind::weak);
    discogsKnows(5000);
    scan(code::nobody);
    work();
    BOOST_TEST(item().candidates.size() == 1U);
    BOOST_TEST(item().candidates[0].release_id == 5000);
}

BOOST_AUTO_TEST_CASE(a_release_that_only_musicbrainz_knows_gets_a_number_of_ours_once) {
    OnlineRelease known;
    known.mbid = "mb-x";
    known.release = test::release(0, "Self", "Released", code::nobody);
    known.origin = {"musicbrainz", "https://musicbrainz.test", clock.now().wall, std::nullopt};
    musicbrainz.releases["mb-x"] = known;
    musicbrainz.by_barcode[nobodys] = {candidate(known, MatchKind::exact)};
    scan(code::nobody);
    work();
    const ReleaseId id = item().candidates.at(0).release_id;
    BOOST_TEST(id >= (ReleaseId(1) << 40));
    clock.advance(24h * 8);
    work();
    BOOST_TEST(item().candidates.size() == 1U);
    BOOST_TEST(item().candidates[0].release_id == id);
}

BOOST_AUTO_TEST_CASE(with_the_cable_pulled_nothing_is_lost_and_nobody_is_pestered) {
    discogsKnows(5000);
    discogs.before_answer = failing(ErrorCode::unavailable, clock.now().wall + 1h);
    musicbrainz.before_answer = failing(ErrorCode::unavailable);
    scan(code::nobody);
    scan(code::second); // plays, and wants a cover
    work();
    work();
    BOOST_TEST(discogs.asked.size() == 1U); // left alone until its own time
    BOOST_TEST(waitingFor(0) == 1);
    BOOST_TEST(waitingFor(2) == 1);
    discogs.before_answer = [] {};
    clock.advance(2h);
    workAfterRestart();
    BOOST_TEST(item().candidates.size() == 1U);
    BOOST_TEST(waitingFor(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_off_or_has_no_token_is_asked_nothing) {
    own(1);
    scan(code::nobody);
    for (const OnlineState state : {OnlineState::off, OnlineState::unauthorised}) {
        discogs.state = musicbrainz.state = coverart.state = state;
        work();
    }
    BOOST_TEST(discogs.asked.empty());
    BOOST_TEST(musicbrainz.asked.empty());
    BOOST_TEST(coverart.asked.empty());
    discogs.state = OnlineState::off;
    BOOST_TEST(waitingFor(0) == 0); // nothing waits for one that is switched off
    BOOST_TEST(waitingFor(1) == 1);
}

BOOST_AUTO_TEST_CASE(records_owned_or_played_get_their_covers) {
    archiveHas(1);
    archiveHas(2);
    const CopyId copy = own(1);
    scan(code::second); // played, not owned
    work();
    BOOST_TEST(urlOf(copy) != "none");
    BOOST_TEST(contains(playing(), R"("cover_url":"/covers/)"));
    BOOST_TEST(coverart.asked.size() == 2U);
    work();
    workAfterRestart();
    BOOST_TEST(coverart.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_record_without_a_cover_is_asked_for_again_in_a_month) {
    const CopyId copy = own(1);
    work(); // MusicBrainz does not know it
    work();
    BOOST_TEST(musicbrainz.asked.size() == 2U); // by its number, then by its barcode
    BOOST_TEST(coverart.asked.empty());
    archiveHas(1);
    clock.advance(24h * 31);
    work();
    BOOST_TEST(urlOf(copy) != "none");
}

BOOST_AUTO_TEST_CASE(a_picture_that_cannot_be_read_is_not_fetched_again_and_again) {
    archiveHas(1);
    coverart.covers["mb-1"] = "broken";
    const CopyId copy = own(1);
    work();
    work();
    BOOST_TEST(coverart.asked.size() == 1U);
    BOOST_TEST(urlOf(copy) == "none");
}

BOOST_AUTO_TEST_CASE(many_covers_are_fetched_in_rounds) {
    for (ReleaseId id = 100; id < 125; ++id) {
        catalogue.add(test::release(id, "Artist", "Title", ""));
        archiveHas(id);
        own(id);
    }
    BOOST_TEST(work());
    BOOST_TEST(!work());
    BOOST_TEST(coverart.asked.size() == 25U);
}

BOOST_AUTO_TEST_CASE(facts_with_an_end_are_refreshed_before_it_and_hidden_after_it) {
    discogsKnows(5000);
    scan(code::nobody);
    work();
    NewCopy copy;
    copy.release_id = 5000;
    const CopyId id = collection.add(copy).id;
    BOOST_TEST(collection.release(5000).tracklist.size() == 3U);
    BOOST_TEST(collection.release(5000).attribution->url == "https://discogs.test/release");

    discogs.before_answer = failing(ErrorCode::unavailable);
    clock.advance(7h);
    work();
    BOOST_TEST(collection.release(5000).tracklist.empty());
    BOOST_TEST(collection.release(5000).title == "Found"); // what names the record stays
    BOOST_TEST(collection.copy(id).title == "Found");

    discogs.before_answer = [] {};
    discogs.releases["5000"] = atDiscogs(5000, "Found, corrected", code::nobody);
    clock.advance(1h);
    work();
    BOOST_TEST(collection.release(5000).tracklist.size() == 3U);
    BOOST_TEST(collection.release(5000).title == "Found, corrected");
}

BOOST_AUTO_TEST_CASE(a_candidate_is_not_shown_beyond_its_time_and_is_asked_for_again) {
    discogsKnows(5000);
    scan(code::nobody);
    work();
    discogs.before_answer = failing(ErrorCode::unavailable);
    clock.advance(7h);
    work();
    BOOST_TEST(item().candidates.empty());
    BOOST_TEST(item().attributions.empty());
    discogs.before_answer = [] {};
    discogs.releases["5000"] = atDiscogs(5000, "Found", code::nobody);
    clock.advance(1h);
    work();
    BOOST_TEST(item().candidates.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_dumps_facts_stay_and_take_the_place_of_those_with_an_end) {
    own(1);
    const OnlineRelease other = atDiscogs(1, "Something else", code::nobody);
    discogs.releases["1"] = other;
    discogs.by_barcode[nobodys] = {candidate(other, MatchKind::exact)};
    discogsKnows(5000);
    scan(code::nobody);
    work();
    BOOST_TEST(collection.release(1).title == "Stop Making Sense");
    BOOST_TEST(!collection.release(1).attribution.has_value());

    NewCopy copy;
    copy.release_id = 5000;
    collection.add(copy);
    catalogue.add(test::release(5000, "Nobody", "Found in the dump", code::nobody));
    clock.advance(6h);
    work();
    BOOST_TEST(collection.release(5000).title == "Found in the dump");
    BOOST_TEST(!collection.release(5000).attribution.has_value());
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_round) {
    scan(code::nobody);
    std::stop_source stop;
    stop.request_stop();
    enrichment.work(stop.get_token());
    BOOST_TEST(discogs.asked.empty());
}

BOOST_AUTO_TEST_SUITE_END()
