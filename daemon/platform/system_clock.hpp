#pragma once

#include "ports/clock.hpp"

namespace gatefold::platform {

/// The box's own clocks.
class SystemClock final : public Clock {
public:
    Now now() const override {
        using std::chrono::time_point_cast;
        return {time_point_cast<Millis>(std::chrono::system_clock::now()),
                time_point_cast<Millis>(std::chrono::steady_clock::now())};
    }
};

} // namespace gatefold::platform
