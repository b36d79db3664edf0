#include "core/now_playing.hpp"
#include "tests/unit/records.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace gatefold;
using namespace std::chrono_literals;

namespace {
Now at(std::chrono::seconds since_start) {
    return {WallTime(Millis(1772395267412)) + since_start, MonoTime(5000s) + since_start};
}
} // namespace

BOOST_AUTO_TEST_SUITE(now_playing_document)

BOOST_AUTO_TEST_CASE(an_empty_deck_is_stopped_with_nulls) {
    const NowPlaying doc = nowPlaying(nullptr, at(0s));
    BOOST_TEST(doc.state == "stopped");
    BOOST_TEST(!doc.artist.has_value());
    BOOST_TEST(!doc.position_s.has_value());
    BOOST_TEST(!doc.needs_flip);
}

BOOST_AUTO_TEST_CASE(a_playing_record_tells_track_side_and_end) {
    const Release release = test::record({{"A1", "3:00"}, {"A2", "2:00"}, {"B1", "4:00"}});
    PlaySession session(sidesOf(release));
    session.start(0, at(0s).mono);
    const OnDeck deck{session, release, CopyId{204}, Confidence::scanned, {}};
    const NowPlaying doc = nowPlaying(&deck, at(200s));
    BOOST_TEST(doc.state == "playing");
    BOOST_TEST(*doc.summary == "Nina Simone – Track A2");
    BOOST_TEST(*doc.side == "A");
    BOOST_TEST(*doc.track == "A2");
    BOOST_TEST(*doc.track_no == 2);
    BOOST_TEST(*doc.tracks_on_side == 2);
    BOOST_TEST(*doc.duration_s == 120);
    BOOST_TEST(*doc.position_s == 20);
    BOOST_TEST(*doc.position_at == "2026-03-01T20:04:27.412Z");
    BOOST_TEST(*doc.side_ends_at == "2026-03-01T20:06:07.412Z");
    BOOST_TEST(*doc.confidence == "scanned");
    BOOST_TEST(*doc.copy_id == "c_204");
}

BOOST_AUTO_TEST_CASE(after_the_side_it_is_run_out_and_needs_a_flip) {
    const Release release = test::record({{"A1", "3:00"}, {"B1", "4:00"}});
    PlaySession session(sidesOf(release));
    session.start(0, at(0s).mono);
    session.advance(at(180s).mono);
    const OnDeck deck{session, release, {}, Confidence::manual, {}};
    const NowPlaying doc = nowPlaying(&deck, at(200s));
    BOOST_TEST(doc.state == "run_out");
    BOOST_TEST(doc.needs_flip);
    BOOST_TEST(!doc.side_ends_at.has_value());
    BOOST_TEST(!doc.copy_id.has_value());
}

BOOST_AUTO_TEST_CASE(selected_shows_the_record_but_is_stopped) {
    const Release release = test::record({{"A1", "3:00"}});
    const PlaySession session(sidesOf(release));
    const OnDeck deck{session, release, {}, Confidence::manual, {}};
    const NowPlaying doc = nowPlaying(&deck, at(0s));
    BOOST_TEST(doc.state == "stopped");
    BOOST_TEST(*doc.album == "Pastel Blues");
}

BOOST_AUTO_TEST_CASE(estimated_sides_are_a_guess_and_summaries_stay_short) {
    Release release = test::record({{"A1", ""}});
    release.artist = std::string(300, 'x');
    PlaySession session(sidesOf(release));
    session.start(0, at(0s).mono);
    const OnDeck deck{session, release, {}, Confidence::scanned, {}};
    const NowPlaying doc = nowPlaying(&deck, at(0s));
    BOOST_TEST(*doc.confidence == "guess");
    BOOST_TEST(doc.summary->size() <= 255U);
}

BOOST_AUTO_TEST_SUITE_END()
