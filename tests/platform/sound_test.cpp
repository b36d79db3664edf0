#include "platform/sound.hpp"

#include "os/read_file.hpp"
#include "tests/temp_folder.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>

namespace gatefold::platform {
namespace {

using test::TempFolder;

constexpr Tone allTones[] = {Tone::ready,   Tone::heard, Tone::done,   Tone::open,
                             Tone::unknown, Tone::error, Tone::control};

/// Waits for what the sound's own thread will do; the bound only ends a run that has failed
/// already.
bool becomes(const std::function<bool()>& condition) {
    for (int i = 0; i < 1000 && !condition(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
}

/// ALSA with one output, which writes to a file. ALSA reads its configuration once a process, so
/// all tests share it.
class AlsaToFile {
public:
    AlsaToFile() {
        folder_.write("asound.conf", "pcm.shelf { type file\n slave.pcm null\n file \"" +
                                         written().string() +
                                         "\"\n format raw }\npcm.null { type null }\n");
        ::setenv("ALSA_CONFIG_PATH", (folder_.path() / "asound.conf").c_str(), 1);
    }
    std::filesystem::path written() const { return folder_.path() / "out.raw"; }

private:
    TempFolder folder_;
};
AlsaToFile& alsa() {
    static AlsaToFile only;
    return only;
}

/// Strength of one frequency in the samples (Goertzel's algorithm).
double strength(const std::vector<std::int16_t>& samples, double frequency_hz) {
    const double step = 2 * std::cos(2 * M_PI * frequency_hz / sampleRate_hz);
    double last = 0, before = 0;
    for (const std::int16_t sample : samples)
        before = std::exchange(last, sample + step * last - before);
    return last * last + before * before - step * last * before;
}

BOOST_AUTO_TEST_SUITE(sound)

BOOST_AUTO_TEST_CASE(tones_differ_are_short_and_do_not_click) {
    std::set<std::vector<std::int16_t>> seen;
    for (const Tone tone : allTones) {
        const auto samples = synthesised(tone);
        BOOST_TEST(samples.size() >= sampleRate_hz / 20);
        BOOST_TEST(samples.size() <= sampleRate_hz * 6 / 10);
        BOOST_TEST(std::abs(samples.front()) < 50);
        BOOST_TEST(std::abs(samples.back()) < 50);
        seen.insert(samples);
    }
    BOOST_TEST(seen.size() == 7U);
}

BOOST_AUTO_TEST_CASE(done_is_a_fifth_up_and_error_is_low) {
    const auto done = synthesised(Tone::done);
    BOOST_TEST(strength(done, 1046.5) > 100 * strength(done, 261.63));
    const auto error = synthesised(Tone::error);
    BOOST_TEST(strength(error, 196.0) > 100 * strength(error, 1046.5));
}

BOOST_AUTO_TEST_CASE(what_is_played_reaches_the_output) {
    const auto expected = synthesised(Tone::done);
    alsa();
    Sound output("shelf");
    output.play(Tone::done, "usb-1-1.3");
    const std::size_t bytes = expected.size() * sizeof expected[0];
    BOOST_TEST_REQUIRE(becomes([&] {
        std::error_code error;
        return std::filesystem::file_size(alsa().written(), error) >= bytes && !error;
    }));
    const std::string raw = os::readFile(alsa().written(), 10'000'000);
    BOOST_TEST((std::memcmp(raw.data(), expected.data(), bytes) == 0));
}

/// Counts the lines that tell about missing sound.
class Counter final : public spdlog::sinks::base_sink<std::mutex> {
public:
    int lines() const { return lines_; }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        const std::string_view text(message.payload.data(), message.payload.size());
        lines_ += text.starts_with("sound: no tones device=no_such_device") ? 1 : 0;
    }
    void flush_() override {}

private:
    std::atomic<int> lines_ = 0;
};

BOOST_AUTO_TEST_CASE(a_box_without_sound_says_so_once_and_goes_on) {
    alsa();
    const auto counter = std::make_shared<Counter>();
    const auto before = spdlog::default_logger();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", counter));
    {
        Sound output("no_such_device");
        output.play(Tone::heard, "usb-1-1.3");
        BOOST_TEST(becomes([&] { return counter->lines() > 0; }));
        for (int i = 0; i < 20; ++i) {
            output.play(Tone::heard, "usb-1-1.3");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    spdlog::set_default_logger(before);
    BOOST_TEST(counter->lines() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace gatefold::platform
