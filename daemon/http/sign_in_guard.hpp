#pragma once

#include "ports/clock.hpp"

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatefold::http {

/// Slows guessing down: one bucket per account and one per address. Five failures are free, then
/// the wait doubles from 1 to 60 s. Nobody is locked out. At most 2,048 buckets; the one untouched
/// longest gives way. Any thread.
class SignInGuard {
public:
    explicit SignInGuard(const Clock& clock) : clock_(clock) {}

    /// Before the password is looked at. `account`: its Accounts::accountKey. Counts as a failure
    /// until success() says otherwise, so that parallel tries do not slip through. Throws
    /// RetryLater `rateLimited`.
    void attempt(std::string_view account, std::string_view address);
    void success(std::string_view account, std::string_view address);

private:
    struct Bucket {
        std::string key;
        int failures = 0;
        MonoTime next{};
    };
    using Buckets = std::list<Bucket>;

    Bucket& bucket(const std::string& key);
    void countFailure(Bucket& bucket, MonoTime now);

    const Clock& clock_;
    std::mutex mutex_;
    Buckets buckets_; ///< touched last in front
    std::unordered_map<std::string, Buckets::iterator> by_key_;
};

} // namespace gatefold::http
