#include "drawn.hpp"
#include "vision/shrinker.hpp"

#include "core/error.hpp"

#include "tests/support/errors.hpp"
#include "tests/vision/drawn.hpp"
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace gatefold::vision {
namespace {

using namespace std::string_literals;
using test::bytesOf;
using test::has;
using vision_link::Shrink;

const std::vector<Shrink::Size> threeSizes{{160, 30'000}, {480, 102'400}, {1000, 614'400}};

struct Colour {
    int red, green, blue;
};
constexpr Colour red{220, 30, 30}, green{30, 200, 40}, blue{30, 40, 210}, white{240, 240, 240};

/// A picture of four fields, so that every turn of it looks different.
ColourImage fields(int width, int height) {
    ColourImage image{width, height, 1, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const bool right = x >= width / 2, low = y >= height / 2;
            const Colour& colour = low ? (right ? white : blue) : (right ? green : red);
            for (const int part : {colour.red, colour.green, colour.blue})
                image.pixels.push_back(static_cast<std::uint8_t>(part));
        }
    return image;
}

/// The letter of the colour in the middle of a field: R, G, B, W, or ? for another.
char letterAt(const ColourImage& image, int x, int y) {
    const std::size_t at =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
             static_cast<std::size_t>(x));
    const auto near = [&](const Colour& colour) {
        return std::abs(image.pixels[at] - colour.red) < 25 &&
               std::abs(image.pixels[at + 1] - colour.green) < 25 &&
               std::abs(image.pixels[at + 2] - colour.blue) < 25;
    };
    return near(red) ? 'R' : near(green) ? 'G' : near(blue) ? 'B' : near(white) ? 'W' : '?';
}

/// The fields of a file: left above, right above, left below, right below.
std::string look(const std::string& file) {
    const ColourImage image = decodeColours(bytesOf(file), 2000);
    const int left = image.width / 4, right = image.width * 3 / 4;
    const int above = image.height / 4, below = image.height * 3 / 4;
    return {letterAt(image, left, above), letterAt(image, right, above),
            letterAt(image, left, below), letterAt(image, right, below)};
}

std::pair<int, int> sizeOf(const std::string& file) {
    const ColourImage image = decodeColours(bytesOf(file), 2000);
    return {image.width, image.height};
}

/// A JPEG with a segment of a camera's notes behind its first marker.
std::string withSegment(const std::string& jpeg, const std::string& segment) {
    const std::size_t size = segment.size() + 2;
    return jpeg.substr(0, 2) + "\xff\xe1" + static_cast<char>(size >> 8) +
           static_cast<char>(size & 0xff) + segment + jpeg.substr(2);
}

std::string exif(int orientation) {
    return "Exif\0\0II*\0\x08\0\0\0\x02\0"s   // little endian, two entries
           + "\x0f\x01\x02\0\x01\0\0\0cam\0"s // maker
           + "\x12\x01\x03\0\x01\0\0\0"s + static_cast<char>(orientation) + "\0\0\0\0\0\0\0"s;
}

BOOST_AUTO_TEST_SUITE(shrinking)

BOOST_AUTO_TEST_CASE(a_picture_becomes_one_jpeg_of_each_size_in_its_proportions) {
    const std::string photo = encodeJpeg(fields(1600, 800), 90);
    const auto files = shrink(bytesOf(photo), threeSizes);
    BOOST_TEST_REQUIRE(files.size() == 3U);
    BOOST_TEST((sizeOf(files[0]) == std::pair(160, 80)));
    BOOST_TEST((sizeOf(files[1]) == std::pair(480, 240)));
    BOOST_TEST((sizeOf(files[2]) == std::pair(1000, 500)));
    for (const std::string& file : files)
        BOOST_TEST(look(file) == "RGBW");
}

BOOST_AUTO_TEST_CASE(a_small_picture_keeps_its_size) {
    for (const int edge : {1, 2, 17, 159}) {
        const std::string photo = encodeJpeg(fields(edge, edge), 90);
        for (const std::string& file : shrink(bytesOf(photo), threeSizes))
            BOOST_TEST((sizeOf(file) == std::pair(edge, edge)));
    }
    const std::string narrow = encodeJpeg(fields(1, 3000), 90);
    BOOST_TEST((sizeOf(shrink(bytesOf(narrow), threeSizes)[0]) == std::pair(1, 160)));
}

BOOST_AUTO_TEST_CASE(a_png_and_a_gray_photo_are_shrunk_too) {
    const std::string png = test::png(test::emptyPage(900, 700)),
                      gray = test::jpeg(test::emptyPage(900, 700)),
                      progressive = test::progressiveJpeg(test::emptyPage(900, 700));
    for (const std::string* photo : {&png, &gray, &progressive}) {
        const auto files = shrink(bytesOf(*photo), threeSizes);
        BOOST_TEST((sizeOf(files[1]) == std::pair(480, 373)));
        BOOST_TEST(look(files[1]) == "WWWW");
    }
}

BOOST_AUTO_TEST_CASE(a_scan_in_printers_colours_is_shown_in_its_own) {
    const std::string scan = test::cmykJpeg(200, 100, {0, 220, 220, 35});
    BOOST_TEST(look(shrink(bytesOf(scan), threeSizes)[0]) == "RRRR");
}

BOOST_AUTO_TEST_CASE(a_photo_is_turned_as_the_camera_noted) {
    const std::string plain = encodeJpeg(fields(400, 200), 95);
    constexpr std::array looks{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const std::string photo = withSegment(plain, exif(orientation));
        const auto file = shrink(bytesOf(photo), threeSizes)[0];
        BOOST_TEST(look(file) == looks.at(static_cast<std::size_t>(orientation - 1)), orientation);
        BOOST_TEST((sizeOf(file) == (orientation < 5 ? std::pair(160, 80) : std::pair(80, 160))));
    }
}

BOOST_AUTO_TEST_CASE(what_a_camera_noted_does_not_leave_the_house) {
    const std::string photo = withSegment(encodeJpeg(fields(400, 200), 95), exif(6) + "GPS 52.5N");
    for (const std::string& file : shrink(bytesOf(photo), threeSizes)) {
        BOOST_TEST(file.find("Exif") == file.npos);
        BOOST_TEST(file.find("GPS") == file.npos);
    }
}

BOOST_AUTO_TEST_CASE(notes_that_make_no_sense_turn_nothing) {
    const std::string head = "Exif\0\0"s;
    for (const std::string& segment :
         {""s, "Exif"s, head, head + "II"s, head + "XX*\0\x08\0\0\0"s,
          head + "II*\0\xff\xff\xff\xff"s,   // far away
          head + "II*\0\x08\0\0\0\xff\xff"s, // entries that are not there
          exif(0), exif(9), exif(255), "http://ns.adobe.com/xap/1.0/"s,
          head + "II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x06"s}) // of another type
        BOOST_TEST(exifOrientation(bytesOf(segment)) == 1);
    BOOST_TEST(exifOrientation(bytesOf(
                   head + "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"s)) == 6);
}

BOOST_AUTO_TEST_CASE(noise_is_kept_within_the_bytes_of_its_size) {
    ColourImage noise{1200, 1200, 1, std::vector<std::uint8_t>(std::size_t{1200} * 1200 * 3)};
    std::uint32_t state = 7;
    for (std::uint8_t& part : noise.pixels) {
        state = state * 1664525U + 1013904223U; // Numerical Recipes' generator
        part = static_cast<std::uint8_t>(state >> 24);
    }
    const std::string photo = encodeJpeg(noise, 95);
    const auto files = shrink(bytesOf(photo), threeSizes);
    for (std::size_t i = 0; i < files.size(); ++i)
        BOOST_TEST(files[i].size() <= static_cast<std::size_t>(threeSizes[i].most_bytes));
}

BOOST_AUTO_TEST_CASE(hostile_files_are_refused) {
    for (const std::string& file : {""s, "x"s, "GIF89a...."s, "RIFF....WEBPVP8 "s, "<svg/>"s})
        BOOST_CHECK_EXCEPTION(shrink(bytesOf(file), threeSizes), Error, has(ErrorCode::malformed));
    const std::string whole = encodeJpeg(fields(400, 200), 95);
    for (std::size_t size = 1; size + 2 < whole.size(); size += 1 + whole.size() / 41)
        BOOST_CHECK_EXCEPTION(shrink(bytesOf(whole.substr(0, size)), threeSizes), Error,
                              has(ErrorCode::malformed));
    std::string huge = whole;
    huge.replace(huge.find("\xff\xc0"s) + 5, 4, "\xff\xdc\xff\xdc"); // 65,500 x 65,500
    BOOST_CHECK_EXCEPTION(shrink(bytesOf(huge), threeSizes), Error, has(ErrorCode::tooLarge));
    BOOST_CHECK_EXCEPTION(shrink(bytesOf(std::string(25'000'001, '\xff')), threeSizes), Error,
                          has(ErrorCode::tooLarge));
}

BOOST_AUTO_TEST_CASE(sizes_out_of_bounds_are_refused) {
    const std::string photo = encodeJpeg(fields(40, 20), 90);
    for (const std::vector<Shrink::Size>& sizes : {std::vector<Shrink::Size>{},
                                                   {{15, 1000}},
                                                   {{2001, 1000}},
                                                   {{160, 0}},
                                                   {{160, -1}},
                                                   std::vector<Shrink::Size>(9, {160, 30'000})})
        BOOST_CHECK_EXCEPTION(shrink(bytesOf(photo), sizes), Error, has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(shrink(bytesOf(photo), {{160, 10}}), Error, has(ErrorCode::malformed));
    const auto answer = answerShrink({photo, {}});
    BOOST_TEST(std::holds_alternative<vision_link::Refused>(answer));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision
