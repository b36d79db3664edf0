#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace gatefold::http {

/// Bodies of replies that follow from the store and the question alone: the pages of a household
/// ask for the same shelf. All go with the next commit. Any thread.
class ReplyCache {
public:
    explicit ReplyCache(std::size_t most_bytes = 2 << 20) : most_bytes_(most_bytes) {}

    /// `revision`: the store's now.
    std::optional<std::string> find(std::uint64_t revision, const std::string& question) const;
    /// `revision`: the store's before the body was read.
    void keep(std::uint64_t revision, const std::string& question, const std::string& body);

private:
    void clear(std::uint64_t revision);

    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    std::uint64_t revision_ = 0;
    std::map<std::string, std::string> bodies_;
    std::size_t bytes_ = 0;
};

} // namespace gatefold::http
