#pragma once

#include "core/time.hpp"

namespace gatefold::test {

/// `ms` after an arbitrary beginning.
constexpr MonoTime at(int ms) {
    return MonoTime(Millis(1'000'000 + ms));
}

} // namespace gatefold::test
