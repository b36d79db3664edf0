#include "core/time.hpp"

#include <boost/test/unit_test.hpp>

using namespace gatefold;

namespace {
WallTime at(std::int64_t ms) {
    return WallTime(Millis(ms));
}
} // namespace

BOOST_AUTO_TEST_SUITE(wall_time)

BOOST_AUTO_TEST_CASE(is_written_in_utc_with_milliseconds) {
    BOOST_TEST(isoTime(at(0)) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(isoTime(at(1772395267412)) == "2026-03-01T20:01:07.412Z");
}

BOOST_AUTO_TEST_CASE(is_read_with_zone_and_fraction) {
    BOOST_TEST((parseIsoTime("2026-03-01T20:01:07.412Z") == at(1772395267412)));
    BOOST_TEST((parseIsoTime("2026-03-01T21:01:07.412+01:00") == at(1772395267412)));
    BOOST_TEST((parseIsoTime("2026-03-01T14:31:07.4129999-05:30") == at(1772395267412)));
    BOOST_TEST((parseIsoTime("2026-03-01T20:01:07Z") == at(1772395267000)));
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
    for (const char* bad :
         {"", "2026", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T20:01:07",
          "2026-03-01T20:01:07.Z", "2026-03-01T20:01:07Zx", "2026-13-01T20:01:07Z",
          "2026-03-01T20:01:07+1:00", "2026-03-01T20:01:07.1234567890Z"})
        BOOST_TEST(!parseIsoTime(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
