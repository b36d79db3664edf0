#pragma once

#include "os/process.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What one picture may take, in one table: docs/operations.md tells the same numbers. Pictures are
/// foreign bytes, and a file of a hundred bytes can ask for any amount of memory and time.
namespace gatefold::vision_link {

using namespace std::chrono_literals;

// A file.
inline constexpr std::size_t maxPhotoBytes = 25'000'000;
inline constexpr std::uint64_t maxImagePixels = 50'000'000;
/// A progressive JPEG may draw the same pixels again and again: its pixels times its scans, and
/// its scans. Programs write about ten scans.
inline constexpr std::uint64_t maxScannedPixels = 800'000'000;
inline constexpr std::uint64_t maxScans = 100;

// A pass, one way of looking at a picture (daemon/vision/canvas.hpp).
inline constexpr std::uint64_t maxEnlargedPixels = 8'000'000; ///< of the picture, once enlarged
inline constexpr std::uint64_t maxCanvasPixels = 20'000'000; ///< with the corners that turning adds

// A process. Memory: a photo of 50 megapixels takes up to 300 MB, file included.
inline constexpr os::ProcessLimits photoLimits{384'000'000, 20s};
inline constexpr os::ProcessLimits frameLimits{384'000'000, 0s};  ///< lives for many frames
inline constexpr os::ProcessLimits cameraLimits{512'000'000, 0s}; ///< owns the cameras
/// A photo that has taken this much processor time is slow: it goes on at a lower priority, and is
/// given up when all that are read are slow and another one has waited for `photoPatience`.
inline constexpr std::chrono::milliseconds promptPhotoWork{500};
inline constexpr std::chrono::milliseconds photoPatience{4000};
/// A photo that has taken this much processor time at its deadline would reach no end with another
/// try; one that has taken less was kept from working by the rest of the box.
inline constexpr std::chrono::milliseconds hopelessPhotoWork{10'000};
/// Photos that are read at a time; the others wait.
inline constexpr std::size_t maxPhotosAtOnce = 3;
/// When a client whose photo found no place may try again.
inline constexpr std::chrono::seconds retryPhotoAfter{5};

// A camera's frame: processor time, and real time where a process hangs without working.
inline constexpr std::chrono::milliseconds maxFrameWork{1000};
inline constexpr std::chrono::milliseconds maxFrameTime{20'000};

} // namespace gatefold::vision_link
