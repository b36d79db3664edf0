#pragma once

#include "ports/feedback.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gatefold::platform {

inline constexpr unsigned sampleRate_hz = 48000;

/// A tone as signed 16-bit mono samples at 48 kHz: one to three soft bell-like notes, at most 0.6
/// s.
std::vector<std::int16_t> synthesised(Tone tone);

/// Tones through ALSA. The PCM is open only while something sounds, so that others can use it; at
/// most eight tones wait, the oldest goes first when more come. A box without sound is told about
/// once in the log.
class Sound final : public Feedback {
public:
    /// `device` is an ALSA PCM ("default", "plughw:1,0").
    explicit Sound(std::string device);
    /// Returns at once; called from any thread.
    void play(Tone tone, const std::string& source) noexcept override;

private:
    void run(const std::stop_token& stop) noexcept;
    std::deque<Tone> next(const std::stop_token& stop);
    void sound(const std::deque<Tone>& tones);
    void report(const std::string& problem);

    std::string device_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Tone> waiting_;
    bool silent_ = false; ///< reported, own thread only
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace gatefold::platform
