#pragma once

#include "drivers/vision_link/protocol.hpp"

#include "core/time.hpp"

#include <deque>
#include <optional>
#include <string>

namespace gatefold::vision {

/// Decides which reads of a camera are a scan. A check digit is right by chance in some frames, so
/// two equal reads within five frames and no rival code among them are asked for (no wrong code in
/// 1,395 measured frames; two equal reads alone gave one). A code that stays in view is one scan;
/// it counts again after two seconds out of view. One thread.
class Voting {
public:
    static constexpr std::size_t windowFrames = 5;
    static constexpr std::size_t equalReads = 2;
    static constexpr Millis outOfView{2000};

    /// Takes one frame's read, or that it had none; the code when it has just become a scan.
    std::optional<vision_link::WireCode> add(std::optional<vision_link::WireCode> read,
                                             MonoTime at);

private:
    struct InView {
        std::string text;
        MonoTime seen{};
    };
    bool agreed(const std::string& text) const;
    InView* inView(const std::string& text, MonoTime at);
    void remember(const std::string& text, MonoTime at);

    std::deque<std::string> window_; ///< one text per frame, empty without a read
    std::deque<InView> scanned_;     ///< what became scans lately
};

} // namespace gatefold::vision
