#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

/// One answer of an online source as it came.
struct KeptAnswer {
    std::string body;
    WallTime fetched_at{};
    WallTime ends_at{}; ///< its source lets nobody keep it longer
};

/// Keeps answers of online sources so that the same question is not asked twice, not after a
/// restart either. What may be used is judged by the asker from `fetched_at`; keeping is a favour,
/// so nothing here throws and anything may be forgotten at any time. Callable from any thread.
class AnswerCache {
public:
    virtual ~AnswerCache() = default;
    /// `key` is the question without secrets: path and query.
    virtual std::optional<KeptAnswer> find(std::string_view source,
                                           std::string_view key) noexcept = 0;
    /// Replaces an older answer to the same question.
    virtual void keep(std::string_view source, std::string_view key,
                      const KeptAnswer& answer) noexcept = 0;
    /// Forgets what has come to its end, and what was fetched under a clock that was ahead.
    virtual void forgetEnded(WallTime now) noexcept = 0;
};

} // namespace gatefold
