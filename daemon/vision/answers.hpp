#pragma once

#include "drivers/vision_link/protocol.hpp"

#include "core/error.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <new>
#include <utility>

namespace gatefold::vision {

/// Why the process refuses, of an Error's code.
inline vision_link::RefusalReason refusalOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::malformed: return vision_link::RefusalReason::malformed;
    case ErrorCode::tooLarge: return vision_link::RefusalReason::tooLarge;
    default: return vision_link::RefusalReason::unavailable;
    }
}

/// What `work` says, or why it is refused, also when memory ran out or a library threw.
template <class Work>
vision_link::Message answerOrRefuse(Work&& work) noexcept {
    using vision_link::Refused, vision_link::RefusalReason;
    try {
        return std::forward<Work>(work)();
    } catch (const Error& error) {
        return Refused{refusalOf(error.code()), error.message()};
    } catch (const std::bad_alloc&) {
        return Refused{RefusalReason::tooLarge, "the photo needs too much memory"};
    } catch (const std::exception& error) {
        spdlog::error("vision: picture failed reason=\"{}\"", error.what());
        return Refused{RefusalReason::unavailable, "the image reader failed on this photo"};
    }
}

} // namespace gatefold::vision
