#pragma once

#include <string>
#include <string_view>

namespace gatefold {

/// argon2id hashes and random secrets. Any thread; at most two hashes run at once (memory is the
/// attack on a small box).
class PasswordHasher {
public:
    virtual ~PasswordHasher() = default;
    /// Encoded hash with its parameters. Throws Error `unavailable` when memory is short.
    virtual std::string hash(std::string_view password) = 0;
    /// Same time for unknown users: pass an empty `encoded`. Never throws for a wrong password.
    virtual bool verify(std::string_view encoded, std::string_view password) = 0;
    /// True when `encoded` was made with weaker parameters than today's.
    virtual bool needsRehash(std::string_view encoded) = 0;
};

/// Randomness and digests for tokens, sign-ins, codes. Any thread.
class Secrets {
public:
    virtual ~Secrets() = default;
    /// `bytes` random bytes.
    virtual std::string random(std::size_t bytes) = 0;
    /// SHA-256, raw 32 bytes.
    virtual std::string sha256(std::string_view data) = 0;
    /// Comparison in constant time.
    virtual bool equal(std::string_view a, std::string_view b) = 0;
};

} // namespace gatefold
