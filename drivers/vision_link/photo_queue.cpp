#include "drivers/vision_link/photo_queue.hpp"

#include "core/retry_later.hpp"

#include <algorithm>

namespace gatefold::vision_link {

PhotoQueue::Place::Place(PhotoQueue& queue, std::chrono::steady_clock::time_point deadline)
    : queue_(queue), patient_until_(std::chrono::steady_clock::now() + queue.patience_) {
    std::unique_lock lock(queue_.mutex_);
    queue_.waiting_.push_back(this);
    const auto our_turn = [&] {
        return queue_.stopped_ ||
               (queue_.taken_ < maxPhotosAtOnce && queue_.waiting_.front() == this);
    };
    bool came = queue_.changed_.wait_until(lock, std::min(patient_until_, deadline), our_turn);
    if (!came) {
        queue_.makeRoom();
        came = queue_.changed_.wait_until(lock, deadline, our_turn);
    }
    came = came && !queue_.stopped_;
    std::erase(queue_.waiting_, this);
    queue_.taken_ += came ? 1 : 0;
    queue_.changed_.notify_all(); // there is another first one
    if (!came)
        throw RetryLater(ErrorCode::unavailable, "other photos are being read: try again",
                         retryPhotoAfter);
}

PhotoQueue::Place::~Place() {
    const std::scoped_lock lock(queue_.mutex_);
    std::erase(queue_.slow_, this);
    --queue_.taken_;
    queue_.changed_.notify_all();
}

void PhotoQueue::Place::becomeSlow() {
    const std::scoped_lock lock(queue_.mutex_);
    if (std::find(queue_.slow_.begin(), queue_.slow_.end(), this) != queue_.slow_.end())
        return;
    queue_.slow_.push_back(this);
    queue_.makeRoom();
}

bool PhotoQueue::Place::givenUp() const {
    const std::scoped_lock lock(queue_.mutex_);
    return given_up_ || queue_.stopped_;
}

void PhotoQueue::stop() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
}

/// The first slow one stays the first until it has left, so one is given up at a time.
void PhotoQueue::makeRoom() {
    if (!waiting_.empty() && waiting_.front()->patient_until_ <= std::chrono::steady_clock::now() &&
        slow_.size() == maxPhotosAtOnce)
        slow_.front()->given_up_ = true;
}

} // namespace gatefold::vision_link
