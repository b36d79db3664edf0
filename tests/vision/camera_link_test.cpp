#include "drawn.hpp"
#include "drivers/vision_link/camera_link.hpp"
#include "hostile.hpp"
#include "scan_recorder.hpp"
#include "tests/support/skipped.hpp"
#include "tests/temp_folder.hpp"
#include "vision_program.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

namespace gatefold::vision_link {
namespace {

using namespace std::chrono_literals;
using ZXing::BarcodeFormat;
using Codes = std::vector<std::string>;
const auto each = boost::test_tools::per_element();

/// The driver on a thread of its own, until the test's end.
class RunningLink {
public:
    explicit RunningLink(std::vector<std::string> pins,
                         std::filesystem::path program = test::visionProgram(),
                         std::chrono::milliseconds max_frame_work = vision_link::maxFrameWork)
        : pins_(std::move(pins)),
          link_(pins_, std::move(program), devices_.path(), max_frame_work),
          thread_([this](std::stop_token stop) { link_.run(stop, seen); }) {}

    test::ScanRecorder seen;

    /// The process that serves the cameras, once it runs.
    pid_t process() const {
        for (int i = 0; i < 3000; ++i) {
            if (const auto running = test::runningVision(); !running.empty())
                return running.front();
            std::this_thread::sleep_for(10ms);
        }
        return -1;
    }

private:
    test::TempFolder devices_; // a /dev without cameras
    test::Pins pins_;
    CameraLink link_;
    std::jthread thread_;
};

bool isClaimed(const DeviceStatus& status) {
    return status.claimed;
}
auto hasNote(const std::string& text) {
    return [text](const DeviceStatus& status) {
        return !status.claimed && status.note.find(text) != std::string::npos;
    };
}

const std::string record = test::jpeg(test::page(BarcodeFormat::EAN13, "5099902894225"));
const std::string other = test::jpeg(test::page(BarcodeFormat::UPCA, "075992731317"));
const std::string undo = test::png(test::page(BarcodeFormat::QRCode, "9743000000000179"));
const std::string nothing = test::jpeg(test::emptyPage());

BOOST_AUTO_TEST_SUITE(camera_link)

BOOST_AUTO_TEST_CASE(a_folder_of_frames_is_a_scanner) {
    const test::TempFolder folder;
    for (int i = 0; i < 24; ++i) {
        const std::string name = "frame-" + std::to_string(100 + i) + ".jpg";
        folder.write(name, i < 3    ? nothing
                           : i < 9  ? record
                           : i < 12 ? nothing
                           : i < 18 ? other
                                    : nothing);
    }
    RunningLink link({"folder:" + folder.path().string(), "usb:1-1.3"});
    BOOST_TEST(link.seen.codes(2) == (Codes{"5099902894225", "075992731317"}), each);
    const auto scans = link.seen.scans();
    BOOST_TEST((scans[0].symbology == Symbology::ean13));
    BOOST_TEST((scans[1].symbology == Symbology::upcA));
    BOOST_TEST(link.seen.sawStatus([&](const DeviceStatus& status) {
        return status.claimed && status.present && status.kind == "camera" &&
               status.port == "folder:" + folder.path().string() &&
               status.id == scans[0].device_id && status.id.starts_with("folder-");
    }));
    folder.write("frame-200.png", undo);
    BOOST_TEST(link.seen.codes(3) == (Codes{"5099902894225", "075992731317", "9743000000000179"}),
               each);
}

BOOST_AUTO_TEST_CASE(a_single_snapshot_is_a_scan) {
    const test::TempFolder folder;
    RunningLink link({"folder:" + folder.path().string()});
    BOOST_TEST(link.seen.sawStatus(isClaimed));
    folder.write("snapshot.jpg", record);
    BOOST_TEST(link.seen.codes(1) == (Codes{"5099902894225"}), each);
}

BOOST_AUTO_TEST_CASE(hostile_frames_are_passed_over) {
    const test::TempFolder folder;
    folder.write("1.jpg", "garbage");
    folder.write("2.jpg", record.substr(0, record.size() / 2));
    folder.write("3.png", record);
    folder.write("4.jpg", record);
    RunningLink link({"folder:" + folder.path().string()});
    BOOST_TEST(link.seen.codes(1) == (Codes{"5099902894225"}), each);
}

BOOST_AUTO_TEST_CASE(a_frame_that_takes_too_much_work_is_dropped_told_and_the_next_one_is_read) {
    const test::TempFolder folder;
    folder.write("1.png", test::png(test::finderPatterns(1920, 1080)));
    folder.write("2.jpg", record);
    RunningLink link({"folder:" + folder.path().string()}, test::visionProgram(), 200ms);
    BOOST_TEST(link.seen.sawStatus([](const DeviceStatus& status) {
        return status.claimed && status.present &&
               status.note == "1 picture was dropped, the last one because it took more than 200 "
                              "ms of work: change what this camera sees";
    }));
    BOOST_TEST(link.seen.codes(1) == (Codes{"5099902894225"}), each);
    folder.write("3.png", test::png(test::finderPatterns(1920, 1080)));
    BOOST_TEST(link.seen.sawStatus([](const DeviceStatus& status) {
        return status.claimed && status.note.starts_with("2 pictures were dropped");
    }));
}

BOOST_AUTO_TEST_CASE(a_folder_that_comes_later_is_found) {
    const test::TempFolder place;
    RunningLink link({"folder:" + (place.path() / "frames").string()});
    BOOST_TEST(link.seen.sawStatus([](const DeviceStatus& status) {
        return !status.present && status.note.find("no folder") != std::string::npos;
    }));
    std::filesystem::create_directory(place.path() / "frames");
    BOOST_TEST(link.seen.sawStatus(isClaimed));
}

BOOST_AUTO_TEST_CASE(a_process_that_is_killed_or_aborts_is_started_again_and_plays_no_frame_twice) {
    for (const int signal : {SIGKILL, SIGABRT}) {
        const test::TempFolder folder;
        folder.write("1.jpg", record);
        RunningLink link({"folder:" + folder.path().string()});
        BOOST_TEST(link.seen.codes(1).size() == 1U);
        const pid_t first = link.process();
        BOOST_TEST_REQUIRE(first > 0);
        ::kill(first, signal);
        BOOST_TEST(link.seen.sawStatus(hasNote("was ended by signal " + std::to_string(signal))));
        const std::size_t before = link.seen.statusCount();
        BOOST_TEST(link.seen.sawStatus(isClaimed, before));
        BOOST_TEST(link.process() != first);
        folder.write("2.jpg", other);
        BOOST_TEST(link.seen.codes(2) == (Codes{"5099902894225", "075992731317"}), each);
    }
}

BOOST_AUTO_TEST_CASE(a_program_that_cannot_start_or_talks_nonsense_harms_nobody) {
    RunningLink missing({"folder:/tmp"}, "/nowhere/gatefold-vision");
    RunningLink useless({"folder:/tmp"}, "/bin/true");
    RunningLink silent({"folder:/tmp"}, "/bin/cat"); // sends back what it is told
    std::this_thread::sleep_for(300ms);
    BOOST_TEST(
        missing.seen.statusCount() + useless.seen.statusCount() + silent.seen.statusCount() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_camera_nothing_runs) {
    RunningLink link({"usb:1-1.3"});
    std::this_thread::sleep_for(300ms);
    BOOST_TEST(test::runningVision().empty());
}

BOOST_AUTO_TEST_SUITE_END()

/// A camera that this script plays, read by the shipped program.
class MockCamera {
public:
    explicit MockCamera(const std::string& script) {
#ifdef __SANITIZE_THREAD__
        throw test::Skipped("a program with ThreadSanitizer takes no preloaded library");
#endif
        const auto preloaded = folder_.path() / "mock.so"; // a list: blanks in a path part it
        std::filesystem::create_symlink(GATEFOLD_V4L2_MOCK, preloaded);
        ::setenv("LD_PRELOAD", preloaded.c_str(), 1);
        ::setenv("GATEFOLD_MOCK_CAMERA", "/dev/video42", 1);
        ::setenv("GATEFOLD_MOCK_SCRIPT", folder_.write("script", script).c_str(), 1);
        folder_.write("record.jpg", record);
        folder_.write("cut.jpg", record.substr(0, record.size() / 2));
        folder_.write("record.yuyv", test::yuyv(test::page(BarcodeFormat::EAN13, "5099902894225")));
        folder_.write("other.yuyv",
                      test::yuyv(test::page(BarcodeFormat::QRCode, "9743000000000179")));
        folder_.write("nothing.yuyv", test::yuyv(test::emptyPage()));
        previous_ = std::filesystem::current_path();
        std::filesystem::current_path(folder_.path()); // the script's files
        link_.emplace(std::vector<std::string>{"video:/dev/video42"});
    }
    ~MockCamera() {
        link_.reset();
        std::filesystem::current_path(previous_);
        ::unsetenv("LD_PRELOAD");
    }
    test::ScanRecorder* operator->() {
        return &link_->seen;
    }

private:
    test::TempFolder folder_;
    std::filesystem::path previous_;
    std::optional<RunningLink> link_;
};

BOOST_AUTO_TEST_SUITE(v4l2)

BOOST_AUTO_TEST_CASE(a_yuyv_camera_is_read) {
    MockCamera camera("format YUYV 640x480\nframe nothing.yuyv 3\nframe record.yuyv 30\nframe "
                      "nothing.yuyv 10\nframe other.yuyv 30\n");
    BOOST_TEST(camera->codes(2) == (Codes{"5099902894225", "9743000000000179"}), each);
    BOOST_TEST(camera->sawStatus([](const DeviceStatus& status) {
        return status.claimed && status.product == "Mock Camera" &&
               status.id == "video-dev-video42" && status.port == "video:/dev/video42";
    }));
}

BOOST_AUTO_TEST_CASE(an_mjpeg_camera_is_read) {
    MockCamera camera("format MJPG 640x480\nframe record.jpg 50\n");
    BOOST_TEST(camera->codes(1) == (Codes{"5099902894225"}), each);
}

BOOST_AUTO_TEST_CASE(truncated_flagged_and_short_frames_are_passed_over) {
    MockCamera mjpeg("format MJPG 640x480\nframe cut.jpg 5\nerror record.jpg\nerror "
                     "record.jpg\nstall 300\nframe record.jpg 50\n");
    BOOST_TEST(mjpeg->codes(1) == (Codes{"5099902894225"}), each);
    MockCamera yuyv(
        "format YUYV 640x480\nshort 1000 record.yuyv\nshort 0 record.yuyv\nframe record.yuyv 50\n");
    BOOST_TEST(yuyv->codes(1) == (Codes{"5099902894225"}), each);
}

BOOST_AUTO_TEST_CASE(broken_frames_alone_are_no_scan) {
    MockCamera camera("format MJPG 640x480\nframe cut.jpg 20\nerror record.jpg\nerror "
                      "record.jpg\nerror record.jpg\neio\n");
    BOOST_TEST(camera->sawStatus(hasNote("unplugged or stopped answering")));
    BOOST_TEST(camera->scans().empty());
}

BOOST_AUTO_TEST_CASE(a_stream_that_fails_is_opened_again) {
    MockCamera camera("format YUYV 640x480\nframe nothing.yuyv 2\neio\n");
    BOOST_TEST(camera->sawStatus(hasNote("unplugged or stopped answering")));
    BOOST_TEST(camera->sawStatus(isClaimed, camera->statusCount()));
}

BOOST_AUTO_TEST_CASE(a_camera_that_stalls_is_started_again) {
    MockCamera camera("format YUYV 640x480\nframe nothing.yuyv 2\nstall 8000\n");
    BOOST_TEST(camera->sawStatus(hasNote("sends no pictures")));
}

BOOST_AUTO_TEST_CASE(an_unplugged_camera_is_told) {
    MockCamera camera("format YUYV 640x480\nframe record.yuyv 30\nunplug\n");
    BOOST_TEST(camera->codes(1) == (Codes{"5099902894225"}), each);
    BOOST_TEST(camera->sawStatus([](const DeviceStatus& status) {
        return !status.present && status.note.find("no camera at") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(a_camera_of_another_format_is_refused_in_words) {
    MockCamera camera("format H264 640x480\n");
    BOOST_TEST(camera->sawStatus(hasNote("neither MJPEG nor YUYV")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::vision_link
