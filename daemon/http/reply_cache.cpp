#include "http/reply_cache.hpp"

namespace gatefold::http {

namespace {
constexpr std::size_t entryOverhead = 128;
} // namespace

std::optional<std::string> ReplyCache::find(std::uint64_t revision,
                                            const std::string& question) const {
    const std::lock_guard lock(mutex_);
    if (revision != revision_)
        return std::nullopt;
    const auto kept = bodies_.find(question);
    return kept == bodies_.end() ? std::nullopt : std::optional(kept->second);
}

void ReplyCache::clear(std::uint64_t revision) {
    bodies_.clear();
    bytes_ = 0;
    revision_ = revision;
}

void ReplyCache::keep(std::uint64_t revision, const std::string& question,
                      const std::string& body) {
    const std::size_t bytes = question.size() + body.size() + entryOverhead;
    const std::lock_guard lock(mutex_);
    if (revision < revision_ || bytes * 4 > most_bytes_)
        return;
    if (revision > revision_ || bytes_ + bytes > most_bytes_)
        clear(revision);
    if (bodies_.emplace(question, body).second)
        bytes_ += bytes;
}

} // namespace gatefold::http
