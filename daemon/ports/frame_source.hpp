#pragma once

#include "core/time.hpp"

#include <span>
#include <stop_token>
#include <string>

namespace gatefold {

/// One picture as a camera gave it. `bytes` are valid until the source's next call.
struct Frame {
    enum class Form {
        image, ///< a JPEG or PNG file; the sizes below say nothing
        yuyv,  ///< packed 4:2:2, luma in every second byte
    };
    Form form = Form::image;
    int width = 0, height = 0;
    int stride = 0; ///< bytes from one row to the next
    std::span<const unsigned char> bytes;
    MonoTime at{};
    /// How often this very picture was given before: a still one is looked at in other ways each
    /// time.
    unsigned repeat = 0;
    std::string name; ///< of a folder's file, else empty
};

/// Where frames come from: a camera, a folder. One thread.
class FrameSource {
public:
    virtual ~FrameSource() = default;
    /// What the device calls itself; a folder's path.
    virtual std::string product() const = 0;
    /// The next frame; waits for it, and gives none when `stop` is asked for. Broken frames are
    /// left out. Throws Error `unavailable` when the device is gone or its stream failed: open it
    /// again.
    virtual const Frame* next(std::stop_token stop) = 0;
};

} // namespace gatefold
