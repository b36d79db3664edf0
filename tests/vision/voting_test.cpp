#include "vision/voting.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace gatefold::vision {
namespace {

constexpr Millis frameTime{66};

/// Feeds one frame per letter ('.' is no read); gives a letter for each frame that made a scan.
class Camera {
public:
    std::string see(const std::string& reads) {
        std::string scans;
        for (const char read : reads) {
            now_ += frameTime;
            auto code = read == '.'
                            ? std::nullopt
                            : std::optional(vision_link::WireCode{{}, std::string(1, read), {}});
            if (const auto scan = voting_.add(std::move(code), now_))
                scans += scan->text;
        }
        return scans;
    }
    void wait(Millis time) { now_ += time; }

private:
    Voting voting_;
    MonoTime now_{Millis{1'000'000}};
};

BOOST_AUTO_TEST_SUITE(voting)

BOOST_AUTO_TEST_CASE(one_read_is_no_scan) {
    BOOST_TEST(Camera().see("....A....") == "");
}

BOOST_AUTO_TEST_CASE(two_equal_reads_within_five_frames_are_one) {
    BOOST_TEST(Camera().see("AA") == "A");
    BOOST_TEST(Camera().see("A...A") == "A");
    BOOST_TEST(Camera().see("A....A") == "");
}

BOOST_AUTO_TEST_CASE(a_rival_in_the_window_delays_it) {
    BOOST_TEST(Camera().see("ABA") == "");
    BOOST_TEST(Camera().see("ABAB") == "");
    BOOST_TEST(Camera().see("BAAAA") == "");
    BOOST_TEST(Camera().see("BAAAAA") == "A");
}

BOOST_AUTO_TEST_CASE(a_code_that_stays_in_view_is_one_scan) {
    BOOST_TEST(Camera().see("AAAAAAAAAA" + std::string(29, '.') + "AAAAAAAA") == "A");
}

BOOST_AUTO_TEST_CASE(it_counts_again_after_two_seconds_out_of_view) {
    Camera camera;
    BOOST_TEST(camera.see("AA.....") == "A");
    camera.wait(Millis{2000});
    BOOST_TEST(camera.see("A") == "");
    BOOST_TEST(camera.see("A") == "A");
}

BOOST_AUTO_TEST_CASE(after_a_swap_the_next_code_is_itself) {
    BOOST_TEST(Camera().see("AAAAABBBBBBBB") == "AB");
    BOOST_TEST(Camera().see("AAAAA.BBBBBBBCCCCCCC") == "ABC");
}

BOOST_AUTO_TEST_CASE(two_codes_in_view_by_turns_are_not_scanned_again_and_again) {
    BOOST_TEST(Camera().see("AAAAAABBBBBBAAAAAABBBBBBAAAAAABBBBBB") == "AB");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision
