#pragma once

#include "drivers/vision_link/limits.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

namespace gatefold::vision_link {

/// Which photos are read now: at most `maxPhotosAtOnce`, in the order in which they came. When all
/// of them are slow and another one has waited for `patience`, the one that has been slow for
/// longest is to be given up, so that slow photos alone never hold all places. Any thread.
class PhotoQueue {
public:
    explicit PhotoQueue(std::chrono::milliseconds patience = photoPatience) : patience_(patience) {}

    /// The place of one photo, from construction to destruction.
    class Place {
    public:
        /// Waits for a place. Throws RetryLater `unavailable` when none is free until `deadline`,
        /// and when the queue was stopped.
        Place(PhotoQueue& queue, std::chrono::steady_clock::time_point deadline);
        ~Place();
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        /// This photo takes long.
        void becomeSlow();
        /// Whether this photo is to make room for another one, or the queue was stopped.
        bool givenUp() const;

    private:
        friend class PhotoQueue;
        PhotoQueue& queue_;
        std::chrono::steady_clock::time_point patient_until_;
        bool given_up_ = false; // under the queue's mutex
    };

    /// Gives up all photos that are read, and refuses those that wait and those that come.
    void stop();

private:
    void makeRoom();

    std::chrono::milliseconds patience_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<const Place*> waiting_; ///< the next one first
    std::vector<Place*> slow_; ///< of those that have a place; the first one to be slow first
    std::size_t taken_ = 0;    ///< places
    bool stopped_ = false;
};

} // namespace gatefold::vision_link
