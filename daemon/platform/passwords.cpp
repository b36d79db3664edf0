#include "platform/passwords.hpp"

#include "core/error.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace gatefold::platform {
namespace {

constexpr unsigned long long mostPasses = 4;

void startSodium() {
    if (sodium_init() < 0)
        throw Error(ErrorCode::internal, "libsodium cannot start");
}

[[noreturn]] void outOfMemory() {
    throw Error(ErrorCode::unavailable, "not enough memory to check a password; try again");
}

/// The number behind `name` ("m=") in an encoded hash.
std::optional<unsigned long long> parameter(std::string_view encoded, std::string_view name) {
    const std::size_t at = encoded.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view rest = encoded.substr(at + name.size());
    unsigned long long value = 0;
    if (std::from_chars(rest.data(), rest.data() + rest.size(), value).ec != std::errc())
        return std::nullopt;
    return value;
}

class Slot {
public:
    explicit Slot(std::counting_semaphore<2>& slots) : slots_(slots) { slots_.acquire(); }
    ~Slot() { slots_.release(); }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

private:
    std::counting_semaphore<2>& slots_;
};

} // namespace

Argon2Hasher::Argon2Hasher(Argon2Cost cost) : cost_(cost), most_passes_(cost.passes) {
    startSodium();
}

std::string Argon2Hasher::hash(std::string_view password) {
    const Slot slot(slots_);
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (crypto_pwhash_str(encoded.data(), password.data(), password.size(), cost_.passes,
                          cost_.memory_bytes) != 0)
        outOfMemory();
    return encoded.data();
}

bool Argon2Hasher::verify(std::string_view encoded, std::string_view password) {
    const Slot slot(slots_);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const auto passes = parameter(encoded, ",t=");
    if (!encoded.starts_with("$argon2id$") || encoded.size() >= text.size() || !passes) {
        burn(password);
        return false;
    }
    most_passes_ = std::max(most_passes_.load(), *passes);
    encoded.copy(text.data(), encoded.size());
    return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

/// An unknown user costs what a known one does, so that time does not tell them apart.
void Argon2Hasher::burn(std::string_view password) {
    std::array<unsigned char, 32> out{};
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
    if (crypto_pwhash(out.data(), out.size(), password.data(), password.size(), salt.data(),
                      most_passes_, cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        outOfMemory();
}

bool Argon2Hasher::needsRehash(std::string_view encoded) {
    const auto passes = parameter(encoded, ",t=");
    const auto memory_kib = parameter(encoded, "$m=");
    return !encoded.starts_with("$argon2id$") || !passes || !memory_kib || *passes < cost_.passes ||
           *memory_kib * 1024 < cost_.memory_bytes;
}

Argon2Cost calibrated(std::chrono::milliseconds target,
                      const std::function<std::chrono::milliseconds()>& one_pass) {
    const auto taken = std::max(one_pass(), std::chrono::milliseconds(1));
    const auto fitting = static_cast<unsigned long long>(std::max(target / taken, std::int64_t{1}));
    return {.passes = std::min(fitting, mostPasses)};
}

Argon2Cost calibrated(std::chrono::milliseconds target) {
    return calibrated(target, [] {
        Argon2Hasher hasher;
        const auto begin = std::chrono::steady_clock::now();
        hasher.hash("calibration");
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begin);
    });
}

SodiumSecrets::SodiumSecrets() {
    startSodium();
}

std::string SodiumSecrets::random(std::size_t bytes) {
    std::string out(bytes, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

std::string SodiumSecrets::sha256(std::string_view data) {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                       reinterpret_cast<const unsigned char*>(data.data()), data.size());
    return digest;
}

bool SodiumSecrets::equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace gatefold::platform
