#pragma once

#include "ports/answer_cache.hpp"

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace gatefold::lookup {

/// Keeps answers in memory within a bound; the longest unused go first.
class MemoryCache final : public AnswerCache {
public:
    explicit MemoryCache(std::size_t most_bytes = 16 << 20) : most_bytes_(most_bytes) {}
    std::optional<KeptAnswer> find(std::string_view source, std::string_view key) noexcept override;
    void keep(std::string_view source, std::string_view key,
              const KeptAnswer& answer) noexcept override;
    void forgetOlder(std::string_view source, WallTime than) noexcept override;

private:
    using Key = std::pair<std::string, std::string>;
    struct Entry {
        Key key;
        KeptAnswer answer;
    };
    using Entries = std::list<Entry>;

    static std::size_t bytesOf(const Entry& entry);
    void drop(Entries::iterator entry);

    const std::size_t most_bytes_;
    std::mutex mutex_;
    Entries entries_; ///< the latest used first
    std::map<Key, Entries::iterator> by_key_;
    std::size_t bytes_ = 0;
};

} // namespace gatefold::lookup
