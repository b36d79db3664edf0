#include "platform/sound.hpp"

#include "os/thread_name.hpp"

#include <alsa/asoundlib.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <memory>
#include <numbers>
#include <span>

namespace gatefold::platform {
namespace {

constexpr std::size_t mostWaiting = 8;
constexpr unsigned latency_us = 60000;
constexpr double loudness = 0.35;
constexpr double attack_s = 0.004;

struct Note {
    double frequency_hz; ///< 0 = a rest
    int length_ms;
};

// Equal temperament, A4 = 440 Hz. Good news rises in the major triad, a question stays open, bad
// news falls and is low, so that the meaning is heard without learning.
constexpr double g3 = 196.00, c4 = 261.63, c5 = 523.25, e5 = 659.26, g5 = 783.99, a5 = 880.00,
                 c6 = 1046.50;

constexpr Note readyNotes[] = {{c5, 110}, {g5, 110}, {c6, 220}};
constexpr Note heardNotes[] = {{a5, 55}};
constexpr Note doneNotes[] = {{g5, 90}, {c6, 190}};
constexpr Note openNotes[] = {{e5, 120}, {a5, 120}, {e5, 180}};
constexpr Note unknownNotes[] = {{g5, 130}, {c5, 260}};
constexpr Note errorNotes[] = {{c4, 160}, {0, 40}, {g3, 300}};
constexpr Note controlNotes[] = {{c6, 60}, {0, 30}, {c6, 90}};

std::span<const Note> notesOf(Tone tone) {
    switch (tone) {
    case Tone::ready: return readyNotes;
    case Tone::heard: return heardNotes;
    case Tone::done: return doneNotes;
    case Tone::open: return openNotes;
    case Tone::unknown: return unknownNotes;
    case Tone::error: return errorNotes;
    case Tone::control: return controlNotes;
    }
    return heardNotes;
}

/// One note with a soft start, an octave and a twelfth that fade sooner, and an end at zero: no
/// clicks.
void append(std::vector<std::int16_t>& samples, const Note& note) {
    const double length_s = note.length_ms / 1000.0;
    const auto count = static_cast<std::size_t>(length_s * sampleRate_hz);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / sampleRate_hz;
        const double phase = 2 * std::numbers::pi * note.frequency_hz * t;
        const double fade = std::exp(-3.5 * t / length_s);
        const double envelope =
            std::min(1.0, t / attack_s) * std::min(1.0, (length_s - t) / attack_s);
        const double wave = std::sin(phase) + 0.3 * fade * std::sin(2 * phase) +
                            0.1 * fade * fade * std::sin(3 * phase);
        samples.push_back(
            static_cast<std::int16_t>(32767 * loudness * envelope * fade * wave / 1.4));
    }
}

struct ClosePcm {
    void operator()(snd_pcm_t* pcm) const noexcept { snd_pcm_close(pcm); }
};
using Pcm = std::unique_ptr<snd_pcm_t, ClosePcm>;

void say(const char*, int, const char*, int, const char*, ...) {}

/// Writes all samples; the answer of ALSA, negative when it gave up.
int writeAll(snd_pcm_t* pcm, std::span<const std::int16_t> samples) {
    while (!samples.empty()) {
        snd_pcm_sframes_t written = snd_pcm_writei(pcm, samples.data(), samples.size());
        if (written < 0)
            written = snd_pcm_recover(pcm, static_cast<int>(written), 1);
        if (written < 0)
            return static_cast<int>(written);
        samples = samples.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

} // namespace

std::vector<std::int16_t> synthesised(Tone tone) {
    std::vector<std::int16_t> samples;
    for (const Note& note : notesOf(tone))
        append(samples, note);
    return samples;
}

Sound::Sound(std::string device) : device_(std::move(device)) {
    // ALSA prints to standard error by itself; what matters is in the codes it returns.
    snd_lib_error_set_handler(say);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Sound::play(Tone tone, const std::string&) noexcept {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == mostWaiting)
        waiting_.pop_front();
    waiting_.push_back(tone);
    changed_.notify_one();
}

std::deque<Tone> Sound::next(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
    return std::exchange(waiting_, {});
}

void Sound::run(const std::stop_token& stop) noexcept {
    os::nameThread("sound");
    while (!stop.stop_requested()) {
        try {
            sound(next(stop));
        } catch (const std::exception& error) {
            spdlog::error("sound: stopped reason={}", error.what());
            return;
        }
    }
}

void Sound::sound(const std::deque<Tone>& tones) {
    if (tones.empty())
        return;
    snd_pcm_t* opened = nullptr;
    int result = snd_pcm_open(&opened, device_.c_str(), SND_PCM_STREAM_PLAYBACK, 0);
    const Pcm pcm(result < 0 ? nullptr : opened);
    if (result >= 0)
        result = snd_pcm_set_params(opened, SND_PCM_FORMAT_S16, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                                    sampleRate_hz, 1, latency_us);
    for (const Tone tone : tones)
        if (result >= 0)
            result = writeAll(opened, synthesised(tone));
    if (result >= 0)
        result = snd_pcm_drain(opened);
    if (result < 0)
        report(snd_strerror(result));
    else
        silent_ = false;
}

void Sound::report(const std::string& problem) {
    if (!std::exchange(silent_, true))
        spdlog::warn("sound: no tones device={} reason={}", device_, problem);
}

} // namespace gatefold::platform
