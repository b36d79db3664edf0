#include "drivers/hid_scanner/typing_pace.hpp"

namespace gatefold::drivers {

namespace {

constexpr Millis fastest_by_hand{60};
constexpr Millis longest_pause{2000}; ///< a longer one lies between two codes and says nothing
constexpr int fastGapsOfScanner = 6;
constexpr int slowGapsOfPerson = 10;
constexpr int slowToFast = 5;

} // namespace

void TypingPace::press(MonoTime now) {
    if (last_ && now - *last_ < fastest_by_hand) {
        ++fast_;
        ++code_fast_;
    } else if (last_ && now - *last_ < longest_pause) {
        ++slow_;
        ++code_slow_;
    }
    last_ = now;
}

bool TypingPace::endCode() {
    proven_ = proven_ || (code_fast_ >= fastGapsOfScanner && code_fast_ > code_slow_);
    const bool slow = code_slow_ > 1 && code_slow_ >= code_fast_;
    code_fast_ = 0;
    code_slow_ = 0;
    return proven_ || !slow;
}

bool TypingPace::byHand() const {
    return !proven_ && slow_ >= slowGapsOfPerson && slow_ > slowToFast * fast_;
}

} // namespace gatefold::drivers
