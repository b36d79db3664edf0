#include "http/handlers.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatefold::http {

namespace {

/// FNV-1a: an ETag has to differ, not to be secret.
std::string digestOf(std::string_view body) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : body)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    std::array<char, 17> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), hash, 16);
    return {text.data(), end};
}

std::string_view versionIn(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

} // namespace

std::string entityTag(std::int64_t version, std::string_view body) {
    return "\"" + std::to_string(version) + "-" + digestOf(body) + "\"";
}

void tagReply(Reply& reply, const Request& request, std::int64_t version) {
    const std::string tag = entityTag(version, reply.body);
    reply.with("ETag", tag);
    const bool reading = request.method == "GET" || request.method == "HEAD";
    const std::string_view header = request.header("If-None-Match");
    if (!reading || header.empty())
        return;
    const EntityTags known = parseEntityTags(header);
    const bool same = std::any_of(known.tags.begin(), known.tags.end(),
                                  [&](const auto& one) { return "\"" + one.value + "\"" == tag; });
    if (known.any || same) {
        reply.status = 304;
        reply.body.clear();
    }
}

PageRequest pageOf(const Request& request) {
    PageRequest page;
    if (const auto limit = request.query("limit")) {
        const auto number = parseNumber(*limit);
        if (!number || *number < 1 || *number > 500)
            throw Error(ErrorCode::invalid, "limit must be a number from 1 to 500", "limit");
        page.limit = static_cast<int>(*number);
    }
    const auto cursor = decodeCursor(request.query("cursor").value_or(""));
    if (!cursor || cursor->size() > 1'024)
        throw Error(ErrorCode::invalid, "This cursor is none of ours; begin again without one.",
                    "cursor");
    page.cursor = *cursor;
    return page;
}

ReleaseId releaseIdIn(std::string_view text, std::string_view name) {
    const auto number = parseNumber(text);
    if (!number || *number < 1)
        throw Error(ErrorCode::invalid, std::string(name) + " must be a release's number",
                    std::string(name));
    return *number;
}

std::int64_t matchedVersion(const Request& request, std::int64_t current) {
    const std::string_view header = request.header("If-Match");
    if (header.empty())
        throw Error(ErrorCode::preconditionRequired,
                    "An edit needs If-Match with the ETag of what it edits.");
    const EntityTags wanted = parseEntityTags(header);
    const bool same = std::any_of(wanted.tags.begin(), wanted.tags.end(), [&](const auto& one) {
        return !one.weak && versionIn(one.value) == std::to_string(current);
    });
    if (!wanted.any && !same)
        throw Error(ErrorCode::preconditionFailed,
                    "Somebody else changed it first; read it again.");
    return current;
}

} // namespace gatefold::http
