#include "lookup/pace.hpp"

#include <algorithm>

namespace gatefold::lookup {

namespace {
/// Beyond these a header is taken for a mistake.
constexpr int mostRequestsAWindow = 1'000;
constexpr Millis longestRetryAfter = std::chrono::hours(24);
} // namespace

MonoTime Pace::due() const {
    MonoTime due = not_before_;
    if (!sent_.empty())
        due = std::max(due, sent_.back() + rules_.gap);
    if (sent_.size() >= static_cast<std::size_t>(limit_))
        due = std::max(due, sent_[sent_.size() - static_cast<std::size_t>(limit_)] + rules_.window);
    return due;
}

void Pace::sent(MonoTime now) {
    sent_.push_back(now);
    while (sent_.size() > static_cast<std::size_t>(limit_))
        sent_.pop_front();
}

void Pace::told(const LimitsTold& told, MonoTime now) {
    if (told.limit && *told.limit > 0)
        limit_ = std::min(*told.limit, mostRequestsAWindow);
    // Nothing left: the window moves, so one request is free again when the oldest one that we know
    // of leaves it; the others are somebody else's and unknown.
    if (told.remaining && *told.remaining <= 0) {
        const MonoTime oldest = sent_.empty() ? now : sent_.front();
        not_before_ = std::max({not_before_, oldest + rules_.window, now + rules_.window / limit_});
    }
    if (told.retry_after)
        not_before_ = std::max(not_before_, now + std::min(*told.retry_after, longestRetryAfter));
}

} // namespace gatefold::lookup
