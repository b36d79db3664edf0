#include "drivers/vision_link/limits.hpp"
#include "vision/canvas.hpp"
#include "vision/frame_drops.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace gatefold::vision {
namespace {

using namespace std::chrono_literals;

struct Size {
    int width, height;
};

/// Squares, photographs and strips up to the largest pictures that are read.
const std::vector<Size> sizes{{1, 1},         {1, 32'000},     {32'000, 1},     {16'000, 16},
                              {16, 16'000},   {1'000'000, 1},  {1'000'000, 50}, {50, 1'000'000},
                              {65'500, 1},    {1, 65'500},     {40'000, 1},     {65'500, 763},
                              {763, 65'500},  {32'766, 1'525}, {7'071, 7'071},  {640, 480},
                              {1'920, 1'080}, {4'000, 3'000},  {12'000, 4'000}, {8'000, 6'000}};

BOOST_AUTO_TEST_SUITE(canvas)

BOOST_AUTO_TEST_CASE(no_pass_draws_more_pixels_than_it_may) {
    for (const Size& size : sizes)
        for (const double degrees : {0.0, 15.0, 45.0, -45.0, 90.0})
            for (const double growth : {1.0, 2.0})
                if (const auto plan = planCanvas(size.width, size.height, degrees, growth)) {
                    const auto drawn = static_cast<std::uint64_t>(plan->width) *
                                       static_cast<std::uint64_t>(plan->height);
                    BOOST_TEST_INFO_SCOPE(size.width << " x " << size.height << ", " << degrees
                                                     << " degrees, by " << growth);
                    BOOST_TEST(drawn <= 20'000'000U);
                    BOOST_TEST(plan->scale <= growth);
                    BOOST_TEST(std::max(plan->width, plan->height) <= 65'535);
                }
}

BOOST_AUTO_TEST_CASE(strips_are_not_turned) {
    for (const Size& size : {Size{32'000, 1}, {1, 32'000}, {16'000, 16}, {1'000'000, 50}})
        for (const double degrees : {15.0, 45.0, -45.0})
            BOOST_TEST(!planCanvas(size.width, size.height, degrees, 1).has_value());
}

BOOST_AUTO_TEST_CASE(ordinary_pictures_are_turned_and_enlarged_in_full) {
    const auto same = [](const std::optional<Canvas>& plan, double scale, int width, int height) {
        BOOST_TEST_REQUIRE(plan.has_value());
        BOOST_TEST(plan->scale == scale, boost::test_tools::tolerance(0.001));
        BOOST_TEST(plan->width == width);
        BOOST_TEST(plan->height == height);
    };
    same(planCanvas(640, 480, 0, 2), 2, 1280, 960);
    same(planCanvas(1920, 1080, 45, 1), 1, 2122, 2122);
    same(planCanvas(640, 480, 15, 2), 2, 1485, 1259);
    same(planCanvas(4000, 3000, 45, 1), 0.8165, 4042, 4042); // of 8 megapixels
    BOOST_TEST(!planCanvas(4000, 3000, 0, 2).has_value());   // no room to enlarge
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(drops)

BOOST_AUTO_TEST_CASE(a_camera_rests_longer_the_longer_its_view_stays_bad) {
    FrameDrops drops;
    std::vector<long> rests;
    for (int i = 0; i < 8; ++i) {
        rests.push_back(static_cast<long>(drops.dropped().count()));
        drops.read(); // a good frame between two bad ones changes nothing
    }
    BOOST_TEST(rests == (std::vector<long>{0, 1, 2, 4, 8, 10, 10, 10}),
               boost::test_tools::per_element());
    BOOST_TEST(drops.count() == 8U);
}

BOOST_AUTO_TEST_CASE(a_hundred_good_frames_make_it_fine_again) {
    FrameDrops drops;
    BOOST_TEST(!drops.read());
    drops.dropped();
    drops.dropped();
    for (int i = 0; i < 99; ++i)
        BOOST_TEST(!drops.read());
    BOOST_TEST(drops.troubled());
    BOOST_TEST(drops.read());
    BOOST_TEST(!drops.troubled());
    BOOST_TEST(!drops.read());
    BOOST_TEST((drops.dropped() == 0s));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision
