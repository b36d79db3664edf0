#include "drawn.hpp"
#include "drivers/vision_link/photo_link.hpp"
#include "hostile.hpp"
#include "tests/support/errors.hpp"
#include "tests/temp_folder.hpp"
#include "tests/vision/drawn.hpp"
#include "vision_program.hpp"

#include "core/retry_later.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/stat.h>

#include <future>
#include <string>
#include <thread>

namespace gatefold::vision_link {
namespace {

using namespace std::chrono_literals;
using test::bytesOf;
using test::has;
using ZXing::BarcodeFormat;

/// A stand-in for the program, to fail in ways that the real one should not.
std::filesystem::path script(const test::TempFolder& folder, const std::string& body) {
    const auto path = folder.write("program", "#!/bin/sh\n" + body + "\n");
    ::chmod(path.c_str(), 0755);
    return path;
}

/// For pictures of 50 megapixels on a busy machine and under a sanitizer.
constexpr std::chrono::milliseconds patient = 120s;
const std::string sleeve = test::jpeg(test::page(BarcodeFormat::EAN13, "5099902894225"));

BOOST_AUTO_TEST_SUITE(photo_link)

BOOST_AUTO_TEST_CASE(a_photo_is_read_with_its_gtin_and_corners) {
    PhotoLink link(test::visionProgram());
    const auto codes = link.decode(bytesOf(sleeve));
    BOOST_TEST_REQUIRE(codes.size() == 1U);
    BOOST_TEST(codes[0].text == "5099902894225");
    BOOST_TEST(codes[0].format == "EAN-13");
    BOOST_TEST(codes[0].gtin.value_or("none") == "05099902894225");
    BOOST_TEST(codes[0].corners.size() == 4U);
}

BOOST_AUTO_TEST_CASE(retail_codes_have_the_gtin_of_their_kind_and_others_none) {
    PhotoLink link(test::visionProgram());
    const auto gtinOf = [&](BarcodeFormat format, const std::string& text) {
        return link.decode(bytesOf(test::png(test::page(format, text))))
            .at(0)
            .gtin.value_or("none");
    };
    BOOST_TEST(gtinOf(BarcodeFormat::UPCA, "075992731317") == "00075992731317");
    BOOST_TEST(gtinOf(BarcodeFormat::UPCE, "01234565") == "00012345000065");
    BOOST_TEST(gtinOf(BarcodeFormat::EAN8, "96385074") == "00000096385074");
    BOOST_TEST(gtinOf(BarcodeFormat::QRCode, "5099902894225") == "none");
    BOOST_TEST(gtinOf(BarcodeFormat::Code128, "9743000000000179") == "none");
}

BOOST_AUTO_TEST_CASE(a_photo_without_a_code_has_none) {
    PhotoLink link(test::visionProgram());
    BOOST_TEST(link.decode(bytesOf(test::jpeg(test::emptyPage()))).empty());
}

BOOST_AUTO_TEST_CASE(bad_photos_are_told_apart_and_the_next_one_is_read) {
    PhotoLink link(test::visionProgram());
    BOOST_CHECK_EXCEPTION(link.decode({}), Error, has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf("garbage")), Error, has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(sleeve.substr(0, sleeve.size() / 2))), Error,
                          has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(std::string(25'000'001, 'x'))), Error,
                          has(ErrorCode::tooLarge));
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(std::string(25'000'000, 'x'))), Error,
                          has(ErrorCode::malformed));
    BOOST_TEST(link.decode(bytesOf(sleeve)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(strips_of_every_kind_are_read_within_their_limits) {
    PhotoLink link(test::visionProgram());
    const std::string flat = test::jpeg(test::emptyPage(65'500, 1)),
                      narrow = test::jpeg(test::emptyPage(1, 65'500));
    int strip = 0;
    for (const std::string& file :
         {test::flatPng(32'000, 1), test::flatPng(1, 32'000), test::flatPng(16'000, 16),
          test::flatPng(16, 16'000, {16, 6, true}), test::flatPng(1'000'000, 2, {1, 3, true}), flat,
          narrow, test::withOrientation(flat, 6), test::withOrientation(narrow, 8)}) {
        BOOST_TEST_CONTEXT("strip " << strip++) {
            BOOST_TEST(link.decode(bytesOf(file)).empty());
            BOOST_TEST(link.shrink(bytesOf(file), coverSizes).size() == 3U);
        }
    }
    for (const auto& [width, height] : {std::pair{65'000U, 65'000U}, {50'000'001U, 1U}})
        BOOST_CHECK_THROW(link.decode(bytesOf(test::pngBomb(width, height))), Error);
}

BOOST_AUTO_TEST_CASE(a_code_in_a_photo_of_fifty_megapixels_is_read) {
    PhotoLink link(test::visionProgram(), patient);
    BOOST_TEST(link.decode(bytesOf(test::flatPng(7'071, 7'071, {16, 0, true}))).empty());
    const std::string photo =
        test::jpeg(test::page(BarcodeFormat::EAN13, "5099902894225", 8'100, 6'100, 12));
    BOOST_TEST(link.decode(bytesOf(photo)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_process_is_limited_before_it_reads_the_photo) {
    const test::TempFolder folder;
    const auto said = folder.path() / "limits";
    PhotoLink link(
        script(folder, "read go\n(ulimit -t; ulimit -d; ulimit -c) > '" + said.string() + "'"));
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(sleeve)), Error, has(ErrorCode::unavailable));
    std::ifstream file(said);
    std::string cpu_s, memory_kib, core;
    file >> cpu_s >> memory_kib >> core;
    BOOST_TEST(cpu_s == "20");
    BOOST_TEST(core == "0");
#ifndef GATEFOLD_SANITIZED
    BOOST_TEST(memory_kib == "375000");
#endif
}

BOOST_AUTO_TEST_CASE(a_photo_does_not_wait_for_two_that_take_long) {
    const test::TempFolder folder;
    PhotoLink link(
        script(folder, "cd '" + folder.path().string() +
                           "'\nif mkdir one 2>/dev/null || mkdir two 2>/dev/null; then\n"
                           "while ! [ -e done ]; do sleep 0.02; done\nexit 0\nfi\nexec '" +
                           test::visionProgram().string() + "' \"$@\""));
    const auto read = [&] { return link.decode(bytesOf(sleeve)).size(); };
    std::vector<std::future<std::size_t>> slow;
    for (const char* started : {"one", "two"}) {
        slow.push_back(std::async(std::launch::async, read));
        while (!std::filesystem::exists(folder.path() / started))
            std::this_thread::yield();
    }
    BOOST_TEST(read() == 1U);
    folder.write("done", "");
    for (auto& one : slow)
        BOOST_CHECK_THROW(one.get(), Error);
}

/// Reads `count` hostile photos beside a good one; how many of them still run when the good one
/// has been read. The last ones are ended here.
int runningBesideGoodPhoto(int count) {
    PhotoLink link(test::visionProgram(), patient, 100ms);
    const std::string hostile = test::png(test::finderPatterns(640, 480));
    std::vector<std::future<std::size_t>> readers;
    for (int i = 0; i < count; ++i)
        readers.push_back(
            std::async(std::launch::async, [&] { return link.decode(bytesOf(hostile)).size(); }));
    while (test::runningVision().size() < maxPhotosAtOnce)
        std::this_thread::yield();
    BOOST_TEST(link.decode(bytesOf(sleeve)).size() == 1U);
    const auto running = static_cast<int>(test::runningVision().size());
    for (auto& reader : readers) {
        while (reader.wait_for(10ms) != std::future_status::ready)
            for (const pid_t pid : test::runningVision())
                ::kill(pid, SIGKILL);
        BOOST_CHECK_THROW(reader.get(), Error);
    }
    return running;
}

BOOST_AUTO_TEST_CASE(a_good_photo_is_read_while_hostile_ones_still_run) {
    BOOST_TEST(runningBesideGoodPhoto(3) == 2);
    BOOST_TEST(runningBesideGoodPhoto(16) >= 2);
}

BOOST_AUTO_TEST_CASE(an_aborting_decoder_is_an_error_and_the_next_photo_is_read) {
    const test::TempFolder folder;
    const auto program =
        script(folder, "cd '" + folder.path().string() +
                           "'\nif mkdir used 2>/dev/null; then kill -ABRT $$; fi\nexec '" +
                           test::visionProgram().string() + "' \"$@\"");
    PhotoLink link(program);
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(sleeve)), Error, has(ErrorCode::unavailable));
    BOOST_TEST(link.decode(bytesOf(sleeve)).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_hanging_decoder_is_killed_and_leaves_nothing_behind) {
    const test::TempFolder folder;
    PhotoLink link(
        script(folder, "echo $$ > '" + (folder.path() / "pid").string() + "'\nexec sleep 600"),
        300ms);
    BOOST_CHECK_THROW(link.decode(bytesOf(sleeve)), RetryLater);
    pid_t pid = 0;
    std::ifstream(folder.path() / "pid") >> pid;
    BOOST_TEST_REQUIRE(pid > 0);
    BOOST_TEST(::kill(pid, 0) == -1);
}

BOOST_AUTO_TEST_CASE(a_photo_that_was_kept_from_working_until_its_limit_may_be_tried_again) {
    PhotoLink link(test::visionProgram(), 300ms, 1ms, 10s);
    BOOST_CHECK_THROW(link.decode(bytesOf(test::png(test::finderPatterns(640, 480)))), RetryLater);
}

BOOST_AUTO_TEST_CASE(a_photo_that_works_until_its_limit_is_refused_for_good) {
    PhotoLink link(test::visionProgram(), 300ms, 1ms, 1ms);
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(test::png(test::finderPatterns(640, 480)))), Error,
                          [](const Error& error) {
                              return error.code() == ErrorCode::tooLarge &&
                                     error.message() == "reading this photo takes too much work" &&
                                     !dynamic_cast<const RetryLater*>(&error);
                          });
}

BOOST_AUTO_TEST_CASE(a_stop_ends_photos_that_are_read_and_refuses_others) {
    PhotoLink link(test::visionProgram(), patient);
    const std::string hostile = test::png(test::finderPatterns(640, 480));
    std::vector<std::future<std::size_t>> readers;
    for (int i = 0; i < 5; ++i)
        readers.push_back(
            std::async(std::launch::async, [&] { return link.decode(bytesOf(hostile)).size(); }));
    while (test::runningVision().size() < maxPhotosAtOnce)
        std::this_thread::yield();
    link.stop();
    for (auto& reader : readers)
        BOOST_CHECK_THROW(reader.get(), RetryLater);
    BOOST_CHECK_THROW(link.decode(bytesOf(sleeve)), RetryLater);
    BOOST_TEST(test::runningVision().empty());
}

BOOST_AUTO_TEST_CASE(one_that_takes_nothing_in_is_given_up) {
    const test::TempFolder folder;
    PhotoLink link(script(folder, "exec sleep 600"), 300ms);
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(std::string(5'000'000, 'x'))), Error,
                          has(ErrorCode::unavailable));
}

BOOST_AUTO_TEST_CASE(nonsense_for_an_answer_is_an_error) {
    const test::TempFolder folder;
    for (const char* answer : {R"(printf 'nonsense that is no frame' >&0)",
                               R"(printf '\004\000\000\000\001\002\377\377' >&0)",
                               R"(printf '\002\000\000\000\001\004' >&0)", "exit 0"}) {
        PhotoLink link(script(folder, std::string(answer) + "\nhead -c 100 > /dev/null"));
        BOOST_CHECK_EXCEPTION(link.decode(bytesOf(sleeve)), Error, has(ErrorCode::unavailable));
    }
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_told) {
    PhotoLink link("/nowhere/gatefold-vision");
    BOOST_CHECK_EXCEPTION(link.decode(bytesOf(sleeve)), Error, has(ErrorCode::unavailable));
}

BOOST_AUTO_TEST_CASE(a_picture_is_shrunk_into_jpegs_of_the_cover_sizes) {
    PhotoLink link(test::visionProgram());
    const auto files = link.shrink(bytesOf(sleeve), coverSizes);
    BOOST_TEST_REQUIRE(files.size() == 3U);
    for (std::size_t i = 0; i < files.size(); ++i) {
        BOOST_TEST(files[i].starts_with("\xFF\xD8\xFF"));
        BOOST_TEST(files[i].size() <= coverSizes[i].most_bytes);
    }
    BOOST_TEST(link.decode(bytesOf(files[1])).size() == 1U); // still the same picture
}

BOOST_AUTO_TEST_CASE(pictures_that_cannot_be_shrunk_are_told_apart_and_the_next_one_is) {
    PhotoLink link(test::visionProgram());
    const auto shrink = [&](const std::string& file) {
        return link.shrink(bytesOf(file), coverSizes);
    };
    BOOST_CHECK_EXCEPTION(shrink("garbage"), Error, has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(shrink(sleeve.substr(0, sleeve.size() / 2)), Error,
                          has(ErrorCode::malformed));
    BOOST_CHECK_EXCEPTION(shrink(std::string(25'000'001, 'x')), Error, has(ErrorCode::tooLarge));
    BOOST_TEST(shrink(sleeve).size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_the_pictures_is_an_error) {
    const test::TempFolder folder;
    for (const char* answer :
         {R"(printf '\006\000\000\000\001\010\000\000\000\000' >&0)", // none
          R"(printf '\015\000\000\000\001\010\001\000\000\000\003\000\000\000GIF' >&0)",
          R"(printf '\006\000\000\000\001\002\000\000\000\000' >&0)", // codes
          "kill -ABRT $$"}) {
        PhotoLink link(script(folder, std::string(answer) + "\nhead -c 100 > /dev/null"));
        BOOST_CHECK_EXCEPTION(link.shrink(bytesOf(sleeve), coverSizes), Error,
                              has(ErrorCode::unavailable));
    }
}

BOOST_AUTO_TEST_CASE(many_photos_at_once_are_all_read) {
    PhotoLink link(test::visionProgram());
    std::vector<std::future<std::size_t>> readers;
    for (int i = 0; i < 8; ++i)
        readers.push_back(
            std::async(std::launch::async, [&] { return link.decode(bytesOf(sleeve)).size(); }));
    std::size_t codes = 0;
    for (auto& reader : readers)
        codes += reader.get();
    BOOST_TEST(codes == 8U);
    BOOST_TEST(test::runningVision().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision_link
