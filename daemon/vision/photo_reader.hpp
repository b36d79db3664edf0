#pragma once

#include "drivers/vision_link/protocol.hpp"

#include <span>
#include <vector>

namespace gatefold::vision {

/// The code in a photo file: looks in one way after the other until a code has two reads more than
/// its rivals. One that a single way reads counts where no other way reads another code. Of 263
/// photographs this took three of four wrong codes away and one right one. Throws Error as
/// `decodeImage` does. Any thread.
std::vector<vision_link::WireCode> readPhoto(std::span<const unsigned char> file);

/// Says what `readPhoto` found, or why it is refused, also when memory ran out or a library threw.
vision_link::Message answerPhoto(std::span<const unsigned char> file) noexcept;

} // namespace gatefold::vision
