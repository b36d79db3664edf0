#pragma once

#include "ports/password_hasher.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <semaphore>

namespace gatefold::platform {

/// Work of one argon2id hash. The defaults are the least that ASVS 5.0 (appendix C) approves: t=1,
/// m=46 MiB, p=1.
struct Argon2Cost {
    unsigned long long passes = 1;
    std::size_t memory_bytes = std::size_t{46} << 20;
};

/// argon2id by libsodium, in its encoded form "$argon2id$v=19$m=47104,t=1,p=1$salt$hash".
class Argon2Hasher final : public PasswordHasher {
public:
    /// Throws Error `internal` when libsodium cannot start.
    explicit Argon2Hasher(Argon2Cost cost = {});

    std::string hash(std::string_view password) override;
    bool verify(std::string_view encoded, std::string_view password) override;
    bool needsRehash(std::string_view encoded) override;

private:
    void burn(std::string_view password);

    Argon2Cost cost_;
    std::atomic<unsigned long long> most_passes_; ///< what an unknown user has to cost
    std::counting_semaphore<2> slots_{2};
};

/// Passes (1 to 4) that fit into `target` on this box, from how long `one_pass` takes. Keep the
/// answer: it is meant for the first run.
Argon2Cost calibrated(std::chrono::milliseconds target,
                      const std::function<std::chrono::milliseconds()>& one_pass);
/// As above with a measured hash.
Argon2Cost calibrated(std::chrono::milliseconds target);

/// libsodium's random numbers and SHA-256.
class SodiumSecrets final : public Secrets {
public:
    /// Throws Error `internal` when libsodium cannot start.
    SodiumSecrets();
    std::string random(std::size_t bytes) override;
    std::string sha256(std::string_view data) override;
    bool equal(std::string_view a, std::string_view b) override;
};

} // namespace gatefold::platform
