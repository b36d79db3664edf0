#include "drawn.hpp"
#include "hostile.hpp"
#include "vision/photo_reader.hpp"

#include "core/error.hpp"

#include "tests/support/errors.hpp"
#include "tests/vision/drawn.hpp"
#include <boost/test/unit_test.hpp>

#include <string>

namespace gatefold::vision {
namespace {

using namespace std::string_literals;
using test::bytesOf;
using test::has;
using vision_link::CodeFormat;
using ZXing::BarcodeFormat;

std::string errorOf(const std::string& photo) {
    return test::errorText([&] { decodeImage(bytesOf(photo)); });
}

BOOST_AUTO_TEST_SUITE(image)

BOOST_AUTO_TEST_CASE(jpeg_and_png_give_their_brightness) {
    const GrayImage drawn = test::page(BarcodeFormat::QRCode, "9743000000000179", 200, 160);
    const std::string as_png = test::png(drawn), as_jpeg = test::jpeg(drawn);
    const GrayImage read = decodeImage(bytesOf(as_png));
    BOOST_TEST(read.width == 200);
    BOOST_TEST(read.height == 160);
    BOOST_TEST((read.pixels == drawn.pixels));
    BOOST_TEST(decodeImage(bytesOf(as_jpeg)).pixels.size() == 32'000U);
    const std::string progressive = test::progressiveJpeg(drawn);
    BOOST_TEST(decodeImage(bytesOf(progressive)).width == 200);
}

BOOST_AUTO_TEST_CASE(other_files_are_told_apart) {
    for (const std::string& bytes : {""s, "x"s, "\xff\xd8"s, "GIF89a...."s, "RIFF....WEBPVP8 "s,
                                     "\0\0\0\x18"
                                     "ftypheic"s,
                                     "<html>"s, std::string(5000, '\0')})
        BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(bytes)), Error, has(ErrorCode::malformed));
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_an_error_and_nothing_worse) {
    for (const std::string& whole :
         {test::jpeg(test::page(BarcodeFormat::EAN13, "5099902894225")),
          test::progressiveJpeg(test::page(BarcodeFormat::EAN13, "5099902894225")),
          test::png(test::page(BarcodeFormat::EAN13, "5099902894225"))}) {
        const std::size_t tail = 32; // what ends a PNG after its last pixel is not missed
        for (std::size_t size = 1; size + tail < whole.size(); size += 1 + whole.size() / 97)
            BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(whole.substr(0, size))), Error,
                                  has(ErrorCode::malformed));
    }
}

BOOST_AUTO_TEST_CASE(bombs_are_refused_before_their_pixels_are_allocated) {
    for (const auto& [width, height] :
         {std::pair{65'000U, 65'000U}, {0x7fffffffU, 1U}, {50'000'001U, 1U}, {7072U, 7072U}})
        BOOST_CHECK_THROW(decodeImage(bytesOf(test::pngBomb(width, height))), Error);
    BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(test::pngBomb(7072, 7072))), Error,
                          has(ErrorCode::tooLarge));
    std::string jpeg = test::jpeg(test::emptyPage(64, 64));
    const std::size_t sizes = jpeg.find("\xff\xc0"s) + 5;
    jpeg.replace(sizes, 4, "\xff\xdc\xff\xdc"); // 65,500 x 65,500, libjpeg's own bound
    BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(jpeg)), Error, has(ErrorCode::tooLarge));
}

BOOST_AUTO_TEST_CASE(a_jpeg_whose_scans_are_too_much_work_is_refused) {
    const std::string small = test::progressiveJpeg(test::emptyPage(1000, 1000));
    BOOST_TEST(decodeImage(bytesOf(test::withScansAgain(small, 50))).width == 1000);
    BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(test::withScansAgain(small, 100))), Error,
                          has(ErrorCode::tooLarge));
    const std::string large = test::progressiveJpeg(test::emptyPage(7000, 7000));
    BOOST_TEST(decodeImage(bytesOf(large)).width == 7000);
    // 49 megapixels and more than 16 scans.
    BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(test::withScansAgain(large, 11))), Error,
                          has(ErrorCode::tooLarge));
}

BOOST_AUTO_TEST_CASE(a_whole_picture_that_is_not_read_is_not_called_damaged) {
    std::string twelve_bits = test::jpeg(test::emptyPage(64, 64));
    twelve_bits.at(twelve_bits.find("\xFF\xC0") + 4) = 12; // the frame's sample precision
    BOOST_TEST(errorOf(twelve_bits).starts_with("malformed: this kind of JPEG is not read"));
    BOOST_TEST(errorOf(test::pngBomb(50'000'000, 1)) ==
               "too_large: a side of a PNG photo has at most 1,000,000 pixels");
    std::string long_side = test::jpeg(test::emptyPage(64, 64));
    long_side.replace(long_side.find("\xFF\xC0") + 5, 4, "\x00\x01\xff\xdd"s); // 65,501 x 1
    BOOST_TEST(errorOf(long_side) == "too_large: a side of a JPEG photo has at most 65,500 pixels");
}

BOOST_AUTO_TEST_CASE(every_form_of_png_is_read_in_every_shape) {
    for (const test::PngForm& form :
         {test::PngForm{8, 0}, {16, 0}, {1, 0}, {8, 2}, {16, 2}, {8, 3}, {1, 3}, {16, 6}})
        for (const bool interlaced : {false, true})
            for (const auto& [width, height] :
                 {std::pair{1U, 32'000U}, {32'000U, 1U}, {3U, 5U}, {300U, 200U}}) {
                const std::string file =
                    test::flatPng(width, height, {form.depth, form.colours, interlaced});
                const GrayImage image = decodeImage(bytesOf(file));
                BOOST_TEST(image.pixels.size() == std::size_t{width} * height);
                BOOST_TEST(image.pixels.front() == image.pixels.back());
            }
}

BOOST_AUTO_TEST_CASE(too_many_bytes_are_refused) {
    BOOST_CHECK_EXCEPTION(decodeImage(bytesOf(std::string(25'000'001, '\xff'))), Error,
                          has(ErrorCode::tooLarge));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(photo)

BOOST_AUTO_TEST_CASE(each_kind_of_code_is_read) {
    const struct {
        BarcodeFormat drawn;
        std::string text;
        CodeFormat format;
    } cases[]{
        {BarcodeFormat::EAN13, "5099902894225", CodeFormat::ean13},
        {BarcodeFormat::EAN8, "96385074", CodeFormat::ean8},
        {BarcodeFormat::UPCA, "075992731317", CodeFormat::upcA},
        {BarcodeFormat::UPCE, "01234565", CodeFormat::upcE},
        {BarcodeFormat::QRCode, "9743000000000179", CodeFormat::qr},
        {BarcodeFormat::Code128, "9743000000001149", CodeFormat::code128},
    };
    for (const auto& each : cases) {
        const std::string file = test::jpeg(test::page(each.drawn, each.text));
        const auto codes = readPhoto(bytesOf(file));
        BOOST_TEST_REQUIRE(codes.size() == 1U, each.text);
        BOOST_TEST(codes[0].text == each.text);
        BOOST_TEST((codes[0].format == each.format));
    }
}

BOOST_AUTO_TEST_CASE(a_code_at_any_angle_is_read) {
    for (const double degrees : {10.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0}) {
        const std::string file = test::png(
            test::turned(test::page(BarcodeFormat::EAN13, "5099902894225", 900, 900), degrees));
        const auto codes = readPhoto(bytesOf(file));
        BOOST_TEST_REQUIRE(codes.size() == 1U, degrees);
        BOOST_TEST(codes[0].text == "5099902894225");
    }
}

BOOST_AUTO_TEST_CASE(a_picture_longer_than_the_decoder_counts_is_read) {
    const std::string file = test::png(test::page(BarcodeFormat::EAN13, "5099902894225", 80'000));
    const auto codes = readPhoto(bytesOf(file));
    BOOST_TEST_REQUIRE(codes.size() == 1U);
    BOOST_TEST(codes[0].text == "5099902894225");
    BOOST_TEST(readPhoto(bytesOf(test::flatPng(1'000'000, 2))).empty());
}

BOOST_AUTO_TEST_CASE(corners_are_those_of_the_photo_also_when_it_was_turned_or_enlarged) {
    const std::string file =
        test::png(test::turned(test::page(BarcodeFormat::EAN13, "5099902894225", 900, 900), 45));
    const auto codes = readPhoto(bytesOf(file));
    BOOST_TEST_REQUIRE(codes.size() == 1U);
    BOOST_TEST_REQUIRE(codes[0].corners.size() == 4U);
    // Drawn from (308, *) to (592, *) and turned by 45 degrees about (450, 450): its ends are at
    // about (350, 350) and (550, 550).
    for (const auto& corner : codes[0].corners) {
        BOOST_TEST((corner.x > 290 && corner.x < 610), corner.x);
        BOOST_TEST((corner.y > 290 && corner.y < 610), corner.y);
        BOOST_TEST((std::min(corner.x, corner.y) < 420 || std::max(corner.x, corner.y) > 480));
    }
}

BOOST_AUTO_TEST_CASE(a_page_without_a_code_has_none) {
    const std::string file = test::jpeg(test::emptyPage());
    BOOST_TEST(readPhoto(bytesOf(file)).empty());
}

BOOST_AUTO_TEST_CASE(tiny_pictures_are_survived) {
    for (const int size : {1, 2, 3, 7, 15, 40}) {
        const std::string narrow = test::png(test::emptyPage(size, 300)),
                          flat = test::png(test::emptyPage(300, size));
        BOOST_TEST(readPhoto(bytesOf(narrow)).empty());
        BOOST_TEST(readPhoto(bytesOf(flat)).empty());
    }
}

BOOST_AUTO_TEST_CASE(refusals_are_answers) {
    const auto answer = answerPhoto(bytesOf("no photo"));
    BOOST_TEST_REQUIRE(std::holds_alternative<vision_link::Refused>(answer));
    BOOST_TEST(
        (std::get<vision_link::Refused>(answer).reason == vision_link::RefusalReason::malformed));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision
