#pragma once

#include "core/error.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace gatefold {

/// An Error that says when to come back.
class RetryLater : public Error {
public:
    RetryLater(ErrorCode code, std::string message, std::chrono::seconds after)
        : Error(code, std::move(message)), after_(after) {}
    std::chrono::seconds after() const noexcept { return after_; }

private:
    std::chrono::seconds after_;
};

/// For what a stop of the daemon cuts short; it is back in a few seconds.
inline RetryLater stopping() {
    return {ErrorCode::unavailable, "Gatefold is stopping; try again.", std::chrono::seconds(5)};
}

} // namespace gatefold
