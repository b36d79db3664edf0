#pragma once

#include "core/error.hpp"
#include "ports/covers.hpp"
#include "ports/password_hasher.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace gatefold::test {

/// Makes a file of everything but "broken".
struct FakeShrinker final : ImageShrinker {
    std::vector<std::string> shrink(std::span<const unsigned char> image,
                                    std::span<const KeptSize> sizes) override {
        if (std::string(image.begin(), image.end()) == "broken")
            throw Error(ErrorCode::malformed, "This is no picture.");
        return std::vector<std::string>(sizes.size(), "jpeg");
    }
};

struct FakeCoverFiles final : CoverFiles {
    void keep(std::string_view hash, const std::vector<std::string>&) override {
        if (full)
            throw Error(ErrorCode::diskFull, "The disk is full.");
        kept.insert(std::string(hash));
    }
    std::string read(std::string_view hash, int) const override {
        return kept.contains(std::string(hash)) ? "jpeg" : "";
    }
    int removeOthers(const std::set<std::string>& used, std::chrono::seconds) override {
        return static_cast<int>(
            std::erase_if(kept, [&](const std::string& hash) { return !used.contains(hash); }));
    }
    std::set<std::string> kept;
    bool full = false;
};

/// A digest is the text's own beginning: enough to tell pictures apart.
struct FakeSecrets final : Secrets {
    std::string random(std::size_t bytes) override { return std::string(bytes, 's'); }
    std::string sha256(std::string_view data) override {
        std::string digest(data.substr(data.size() - std::min<std::size_t>(data.size(), 16)));
        return digest + std::string(32 - digest.size(), '.');
    }
    bool equal(std::string_view a, std::string_view b) override { return a == b; }
};

} // namespace gatefold::test
