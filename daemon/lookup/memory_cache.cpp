#include "lookup/memory_cache.hpp"

#include <exception>

namespace gatefold::lookup {

namespace {
/// What an entry costs beside its texts; rough, so that many small ones are bounded too.
constexpr std::size_t entryOverhead = 256;
} // namespace

std::size_t MemoryCache::bytesOf(const Entry& entry) {
    return entryOverhead + 2 * (entry.key.first.size() + entry.key.second.size()) +
           entry.answer.body.size();
}

void MemoryCache::drop(Entries::iterator entry) {
    bytes_ -= bytesOf(*entry);
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

std::optional<KeptAnswer> MemoryCache::find(std::string_view source,
                                            std::string_view key) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        const auto found = by_key_.find(Key(source, key));
        if (found == by_key_.end())
            return std::nullopt;
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->answer;
    } catch (const std::exception&) { // no memory: then nothing was kept
        return std::nullopt;
    }
}

void MemoryCache::keep(std::string_view source, std::string_view key,
                       const KeptAnswer& answer) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        Entry entry{Key(source, key), answer};
        if (const auto old = by_key_.find(entry.key); old != by_key_.end())
            drop(old->second);
        const std::size_t bytes = bytesOf(entry);
        if (bytes > most_bytes_)
            return;
        while (bytes_ + bytes > most_bytes_)
            drop(std::prev(entries_.end()));
        entries_.push_front(std::move(entry));
        bytes_ += bytes;
        by_key_.emplace(entries_.front().key, entries_.begin());
    } catch (const std::exception&) { // no memory: not kept
    }
}

void MemoryCache::forgetOlder(std::string_view source, WallTime than) noexcept {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (entry->key.first == source && entry->answer.fetched_at < than)
            drop(entry);
        entry = next;
    }
}

} // namespace gatefold::lookup
