#pragma once

#include "drivers/vision_link/child_process.hpp"

#include "ports/frame_source.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>

namespace gatefold::vision {

/// A frame that ended the process which looked at it; `what` says how.
class FrameDropped : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Looks at one camera's frames in a process of its own, `gatefold-vision frames`: a decoder cannot
/// be interrupted, a process can be ended. It ends itself when a frame takes too much work; the
/// next frame gets a new one. One thread.
class FrameDecoder {
public:
    /// `program` is the path of `gatefold-vision`, `max_work` the processor time for one frame.
    FrameDecoder(std::filesystem::path program, std::chrono::milliseconds max_work);
    /// As `Look`. Nothing for a repeat of a frame that was dropped. Throws FrameDropped, and Error
    /// `unavailable` when the process cannot be started.
    std::optional<vision_link::WireCode> look(const Frame& frame, std::size_t pass);

private:
    using Deadline = vision_link::ChildProcess::Deadline;

    vision_link::Codes answer(Deadline deadline);
    /// Ends the process. Throws FrameDropped.
    [[noreturn]] void drop(const std::string& why);

    std::filesystem::path program_;
    std::chrono::milliseconds max_work_;
    std::optional<vision_link::ChildProcess> child_;
};

} // namespace gatefold::vision
