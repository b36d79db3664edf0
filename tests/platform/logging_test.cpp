#include "platform/logging.hpp"

#include "os/file_descriptor.hpp"

#include <spdlog/details/log_msg.h>

#include <fcntl.h>
#include <sys/mman.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace gatefold::platform {
namespace {

/// A sink into memory, fed with lines of a stated time.
class Recorder {
public:
    explicit Recorder(LogForm form)
        : file_(::memfd_create("log", MFD_CLOEXEC)), sink_(file_.get(), form) {}

    void log(std::int64_t at_ms, spdlog::level::level_enum level, std::string_view text) {
        const spdlog::log_clock::time_point time{std::chrono::milliseconds(at_ms)};
        sink_.log(
            spdlog::details::log_msg(time, {}, "gatefold", level, {text.data(), text.size()}));
    }

    std::string text() const {
        std::string all(static_cast<std::size_t>(::lseek(file_.get(), 0, SEEK_END)), '\0');
        BOOST_TEST(::pread(file_.get(), all.data(), all.size(), 0) ==
                   static_cast<ssize_t>(all.size()));
        return all;
    }

private:
    os::FileDescriptor file_;
    LogSink sink_;
};

BOOST_AUTO_TEST_SUITE(logging)

BOOST_AUTO_TEST_CASE(the_journal_gets_priorities) {
    Recorder recorder(LogForm::journal);
    recorder.log(0, spdlog::level::debug, "http: a");
    recorder.log(0, spdlog::level::info, "http: b");
    recorder.log(0, spdlog::level::warn, "http: c");
    recorder.log(0, spdlog::level::err, "http: d");
    recorder.log(0, spdlog::level::critical, "http: e");
    BOOST_TEST(recorder.text() == "<7>http: a\n<6>http: b\n<4>http: c\n<3>http: d\n<2>http: e\n");
}

BOOST_AUTO_TEST_CASE(people_get_time_and_level) {
    Recorder recorder(LogForm::people);
    recorder.log(1772395267412, spdlog::level::warn, "mqtt: offline host=broker");
    BOOST_TEST(recorder.text() == "2026-03-01T20:01:07.412Z warning mqtt: offline host=broker\n");
}

BOOST_AUTO_TEST_CASE(foreign_bytes_cannot_forge_a_line) {
    Recorder recorder(LogForm::journal);
    recorder.log(0, spdlog::level::info, "scan: code=1\n<3>store: broken\x1b[2J");
    BOOST_TEST(recorder.text() == "<6>scan: code=1\\x0a<3>store: broken\\x1b[2J\n");
}

BOOST_AUTO_TEST_CASE(a_flood_is_bounded_and_counted) {
    Recorder recorder(LogForm::journal);
    for (int i = 0; i < 1000; ++i)
        recorder.log(1000, spdlog::level::info, "http: refused");
    recorder.log(1000, spdlog::level::err, "store: broken");
    recorder.log(2000, spdlog::level::info, "http: refused");
    const std::string text = recorder.text();
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 203);
    BOOST_TEST(
        text.ends_with("<6>http: refused\n<3>store: broken\n<4>log: too many lines left_out=800\n"
                       "<6>http: refused\n"));
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut) {
    Recorder recorder(LogForm::journal);
    recorder.log(0, spdlog::level::info, std::string(100000, 'x'));
    BOOST_TEST(recorder.text().size() < 2100U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
