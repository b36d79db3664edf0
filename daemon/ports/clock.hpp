#pragma once

#include "core/time.hpp"

namespace gatefold {

/// Where all time comes from. Callable from any thread; never throws.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Now now() const = 0;
};

} // namespace gatefold
