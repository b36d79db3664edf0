#pragma once

#include <string>

namespace gatefold {

/// What a person at the shelf hears.
enum class Tone {
    ready,   ///< a scanner was claimed
    heard,   ///< the raw scan is on disk
    done,    ///< identified, and done what the mode says
    open,    ///< a human has to choose: several pressings, or weak
    unknown, ///< nothing known: it waits in the inbox
    error,   ///< damaged code, or the box could not store it
    control, ///< a control card was obeyed
};

/// Tone per source. Any thread; returns at once, never throws (a box without sound is a working
/// box).
class Feedback {
public:
    virtual ~Feedback() = default;
    virtual void play(Tone tone, const std::string& source) noexcept = 0;
};

} // namespace gatefold
