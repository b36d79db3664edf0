#include "drivers/hid_scanner/line_assembler.hpp"

#include <utility>

namespace gatefold::drivers {

namespace {

bool isEndKey(const Stroke& stroke) {
    return !stroke.character && (stroke.modifiers & (modifier::ctrl | modifier::alt)) == 0 &&
           (stroke.usage == key::enter || stroke.usage == key::keypadEnter ||
            stroke.usage == key::tab);
}

bool isEndCharacter(const Stroke& stroke) {
    return stroke.character &&
           (*stroke.character == '\r' || *stroke.character == '\n' || *stroke.character == '\t');
}

} // namespace

std::optional<std::vector<Stroke>> LineAssembler::take(const Stroke& stroke, MonoTime now) {
    last_ = now;
    if (isEndKey(stroke) || isEndCharacter(stroke)) {
        end_key_seen_ = true;
        return finish();
    }
    if (overlong_)
        return std::nullopt;
    strokes_.push_back(stroke);
    if (strokes_.size() < maxStrokes)
        return std::nullopt;
    auto code = finish();
    overlong_ = true;
    return code;
}

std::optional<MonoTime> LineAssembler::deadline() const {
    if (strokes_.empty() && !overlong_)
        return std::nullopt;
    return last_ + (end_key_seen_ ? idleGapWithEndKey : idleGap);
}

std::optional<std::vector<Stroke>> LineAssembler::idle(MonoTime now) {
    const auto due = deadline();
    return due && now >= *due ? finish() : std::nullopt;
}

std::optional<std::vector<Stroke>> LineAssembler::finish() {
    overlong_ = false;
    if (strokes_.empty())
        return std::nullopt;
    return std::exchange(strokes_, {});
}

void LineAssembler::reset() {
    overlong_ = false;
    strokes_.clear();
}

} // namespace gatefold::drivers
