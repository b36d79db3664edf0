#include "drivers/serial_scanner/serial_framer.hpp"

#include "drivers/scanner_common/aim.hpp"

#include <utility>

namespace gatefold::drivers {

namespace {

constexpr char stx = 0x02, etx = 0x03;

bool endsCode(char byte) {
    return byte == '\r' || byte == '\n' || byte == '\t' || byte == etx;
}

} // namespace

std::vector<std::string> SerialFramer::take(std::string_view bytes, MonoTime now) {
    std::vector<std::string> codes;
    if (!bytes.empty())
        last_ = now;
    for (const char byte : bytes) {
        if (endsCode(byte)) {
            end_byte_seen_ = true;
            if (auto code = finish())
                codes.push_back(std::move(*code));
        } else if (!overlong_ && !(byte == stx && code_.empty())) {
            code_ += byte;
            if (code_.size() < maxCodeBytes)
                continue;
            codes.push_back(std::exchange(code_, {}));
            overlong_ = true;
        }
    }
    return codes;
}

std::optional<MonoTime> SerialFramer::deadline() const {
    if (code_.empty() && !overlong_)
        return std::nullopt;
    return last_ + (end_byte_seen_ ? idleGapWithEndByte : idleGap);
}

std::optional<std::string> SerialFramer::idle(MonoTime now) {
    const auto due = deadline();
    return due && now >= *due ? finish() : std::nullopt;
}

std::optional<std::string> SerialFramer::finish() {
    overlong_ = false;
    if (code_.empty())
        return std::nullopt;
    return std::exchange(code_, {});
}

void SerialFramer::reset() {
    code_.clear();
    overlong_ = false;
}

} // namespace gatefold::drivers
