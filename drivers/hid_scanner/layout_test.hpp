#pragma once

#include "drivers/hid_scanner/keyboard_report.hpp"

#include <optional>
#include <span>
#include <string>

namespace gatefold::drivers {

/// What a scan of the layout test code says.
struct LayoutTestResult {
    std::optional<std::string> layout; ///< "de"; nothing when no table fits these keys
};

/// Whether the strokes are the layout test code, told by the positions of its 16 digit keys, and
/// which layout's table turns the keys after them into the code's tail. Nothing for any other code.
std::optional<LayoutTestResult> readLayoutTest(std::span<const Stroke> strokes);

} // namespace gatefold::drivers
