#include "drivers/camera/camera_finder.hpp"
#include "drivers/camera/folder_source.hpp"
#include "tests/temp_folder.hpp"
#include "tests/vision/drawn.hpp"
#include "vision/frame_reader.hpp"
#include "vision/still_picture.hpp"

#include "core/error.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stop_token>
#include <string>

namespace gatefold {
namespace {

using test::bytesOf;

using ZXing::BarcodeFormat;

Frame yuyvFrame(const std::string& bytes, int width, int height) {
    Frame frame;
    frame.form = Frame::Form::yuyv;
    frame.width = width;
    frame.height = height;
    frame.stride = 2 * width;
    frame.bytes = bytesOf(bytes);
    return frame;
}

/// Looks in this process.
vision::Look looking() {
    return [picture = vision::StillPicture()](const Frame& frame, std::size_t pass) mutable {
        return picture.look(frame, pass);
    };
}

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(two_frames_with_a_code_are_a_scan) {
    const std::string bytes = test::yuyv(test::page(BarcodeFormat::EAN13, "5099902894225"));
    vision::FrameReader reader(looking());
    const Frame frame = yuyvFrame(bytes, 640, 480);
    BOOST_TEST(!reader.read(frame));
    const auto code = reader.read(frame);
    BOOST_TEST_REQUIRE(code.has_value());
    BOOST_TEST(code->text == "5099902894225");
    BOOST_TEST(!reader.read(frame));
}

BOOST_AUTO_TEST_CASE(rows_with_padding_are_read) {
    const auto page = test::page(BarcodeFormat::EAN13, "5099902894225");
    const std::string packed = test::yuyv(page);
    std::string padded;
    for (std::size_t row = 0; row < 480; ++row)
        padded += packed.substr(row * 1280, 1280) + std::string(64, '\0');
    Frame frame = yuyvFrame(padded, 640, 480);
    frame.stride = 1344;
    vision::FrameReader reader(looking());
    reader.read(frame);
    BOOST_TEST(reader.read(frame).has_value());
}

BOOST_AUTO_TEST_CASE(short_and_impossible_frames_are_left_out) {
    const std::string bytes = test::yuyv(test::page(BarcodeFormat::EAN13, "5099902894225"));
    vision::FrameReader reader(looking());
    for (const auto& [width, height, stride] : {std::tuple{640, 481, 1280},
                                                {640, 480, 1279},
                                                {0, 480, 1280},
                                                {640, 0, 1280},
                                                {640, -5, 1280},
                                                {-640, 480, 1280},
                                                {30'000, 30'000, 60'000}}) {
        Frame frame = yuyvFrame(bytes, width, height);
        frame.stride = stride;
        BOOST_TEST(!reader.read(frame));
        BOOST_TEST(!reader.read(frame));
    }
}

BOOST_AUTO_TEST_CASE(a_still_picture_is_looked_at_in_other_ways) {
    const std::string file = test::jpeg(test::page(BarcodeFormat::EAN13, "5099902894225"));
    vision::FrameReader reader(looking());
    Frame frame;
    frame.bytes = bytesOf(file);
    BOOST_TEST(!reader.read(frame));
    frame.repeat = 1;
    BOOST_TEST(reader.read(frame).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(folder)

/// Names of the frames that come, with their repeats, until `count` came.
std::vector<std::string> play(drivers::FolderSource& source, std::size_t count) {
    std::vector<std::string> names;
    while (names.size() < count) {
        const Frame* frame = source.next({});
        names.push_back(frame->name +
                        (frame->repeat > 0 ? "+" + std::to_string(frame->repeat) : ""));
    }
    return names;
}

using Names = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(files_come_by_name_then_the_last_stays_in_view_for_a_moment) {
    const test::TempFolder folder;
    for (const char* name : {"b.jpg", "a.JPEG", "c.png", "notes.txt", ".hidden.jpg"})
        folder.write(name, "x");
    drivers::FolderSource source(folder.path(), "");
    BOOST_TEST(play(source, 7) ==
                   (Names{"a.JPEG", "b.jpg", "c.png", "c.png+1", "c.png+2", "c.png+3", "c.png+4"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(new_and_rewritten_files_follow) {
    const test::TempFolder folder;
    folder.write("m.jpg", "x");
    drivers::FolderSource source(folder.path(), "");
    BOOST_TEST(play(source, 1) == (Names{"m.jpg"}), boost::test_tools::per_element());
    folder.write("a.jpg", "y");
    BOOST_TEST(play(source, 1) == (Names{"a.jpg"}), boost::test_tools::per_element());
    folder.write("m.jpg", "longer");
    BOOST_TEST(play(source, 1) == (Names{"m.jpg"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_played_before_is_left_out_at_the_start_only) {
    const test::TempFolder folder;
    for (const char* name : {"1.jpg", "2.jpg", "3.jpg"})
        folder.write(name, "x");
    drivers::FolderSource source(folder.path(), "2.jpg");
    BOOST_TEST(play(source, 1) == (Names{"3.jpg"}), boost::test_tools::per_element());
    folder.write("0.jpg", "x");
    BOOST_TEST(play(source, 1) == (Names{"0.jpg"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_told) {
    BOOST_CHECK_EXCEPTION(drivers::FolderSource("/nowhere/frames", ""), Error,
                          [](const Error& error) { return error.code() == ErrorCode::notFound; });
    test::TempFolder folder;
    drivers::FolderSource source(folder.path(), "");
    std::filesystem::remove(folder.path());
    BOOST_CHECK_THROW(source.next({}), Error);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
    const test::TempFolder folder;
    drivers::FolderSource source(folder.path(), "");
    std::stop_source stop;
    stop.request_stop();
    BOOST_TEST(source.next(stop.get_token()) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(finder)

BOOST_AUTO_TEST_CASE(ids_are_made_of_harmless_characters) {
    BOOST_TEST(drivers::idOf("video-", "1-1.3:1.0") == "video-1-1.3-1.0");
    BOOST_TEST(drivers::idOf("folder-", "/srv/my frames/\xc3\xbc") == "folder-srv-my-frames-");
}

BOOST_AUTO_TEST_CASE(nodes_that_do_not_capture_are_no_cameras) {
    const test::TempFolder box;
    std::filesystem::create_directories(box.path() / "sys/video0");
    std::filesystem::create_directories(box.path() / "devices/usb1/1-1.3:1.0");
    std::filesystem::create_directory_symlink(box.path() / "devices/usb1/1-1.3:1.0",
                                              box.path() / "sys/video0/device");
    std::filesystem::create_directories(box.path() / "dev");
    BOOST_TEST(drivers::findCameras(box.path() / "sys", box.path() / "dev").empty());
    std::ofstream(box.path() / "dev/video0") << "a file";
    BOOST_TEST(drivers::findCameras(box.path() / "sys", box.path() / "dev").empty());
    BOOST_TEST(drivers::findCameras("/nowhere", "/dev").empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold
