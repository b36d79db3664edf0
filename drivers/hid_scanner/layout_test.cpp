#include "drivers/hid_scanner/layout_test.hpp"

#include "core/codes.hpp"
#include "drivers/hid_scanner/layouts.hpp"

namespace gatefold::drivers {

std::optional<LayoutTestResult> readLayoutTest(std::span<const Stroke> strokes) {
    static const std::string digits = printedDigits({PrintedKind::setup, card::layoutTest});
    if (strokes.size() <= digits.size())
        return std::nullopt;
    const Layout& us = layouts().front();
    if (textOf(strokes.first(digits.size()), us) != digits)
        return std::nullopt;
    const auto tail = strokes.subspan(digits.size());
    for (const Layout& layout : layouts())
        if (textOf(tail, layout) == layoutTestTail)
            return LayoutTestResult{std::string(layout.name)};
    return LayoutTestResult{};
}

} // namespace gatefold::drivers
