#include "http/sign_in_guard.hpp"

#include "core/retry_later.hpp"

#include <algorithm>

namespace gatefold::http {

namespace {

constexpr std::size_t maxBuckets = 2'048;
constexpr int freeFailures = 5;
constexpr std::chrono::seconds longestWait{60};

std::string accountKey(std::string_view account) {
    return "account " + std::string(account.substr(0, 200));
}
std::string addressKey(std::string_view address) {
    return "address " + std::string(address);
}

} // namespace

void SignInGuard::attempt(std::string_view account, std::string_view address) {
    const std::lock_guard lock(mutex_);
    const MonoTime now = clock_.now().mono;
    Bucket& by_account = bucket(accountKey(account));
    Bucket& by_address = bucket(addressKey(address));
    const MonoTime next = std::max(by_account.next, by_address.next);
    if (now < next) {
        const auto wait = std::chrono::ceil<std::chrono::seconds>(next - now);
        throw RetryLater(ErrorCode::rateLimited,
                         "Too many tries; the next one in " + std::to_string(wait.count()) + " s.",
                         wait);
    }
    countFailure(by_account, now);
    countFailure(by_address, now);
}

void SignInGuard::success(std::string_view account, std::string_view address) {
    const std::lock_guard lock(mutex_);
    for (const std::string& key : {accountKey(account), addressKey(address)})
        if (const auto at = by_key_.find(key); at != by_key_.end()) {
            buckets_.erase(at->second);
            by_key_.erase(at);
        }
}

SignInGuard::Bucket& SignInGuard::bucket(const std::string& key) {
    if (const auto at = by_key_.find(key); at != by_key_.end()) {
        buckets_.splice(buckets_.begin(), buckets_, at->second);
        return buckets_.front();
    }
    if (buckets_.size() >= maxBuckets) {
        by_key_.erase(buckets_.back().key);
        buckets_.pop_back();
    }
    buckets_.push_front({key, 0, {}});
    by_key_[key] = buckets_.begin();
    return buckets_.front();
}

void SignInGuard::countFailure(Bucket& bucket, MonoTime now) {
    ++bucket.failures;
    if (bucket.failures <= freeFailures)
        return;
    const int doublings = std::min(bucket.failures - freeFailures - 1, 6);
    bucket.next =
        now + std::min<std::chrono::seconds>(std::chrono::seconds(1 << doublings), longestWait);
}

} // namespace gatefold::http
