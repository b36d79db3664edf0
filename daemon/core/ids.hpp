#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold {

/// An opaque id of the store: a row number inside, "c_204" outside.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id&) const = default; // NOLINT(modernize-use-nullptr): no pointer here
    std::string text() const { return std::string(Tag::prefix) + std::to_string(value); }

    /// The id written as `text`, or nothing when it is not one.
    static std::optional<Id> parse(std::string_view text) {
        if (!text.starts_with(Tag::prefix))
            return std::nullopt;
        text.remove_prefix(Tag::prefix.size());
        Id id;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
        if (error != std::errc() || end != text.data() + text.size() || id.value <= 0 ||
            text.front() == '0')
            return std::nullopt;
        return id;
    }
};

#define GATEFOLD_ID(Name, Prefix)                                                                  \
    struct Name##Tag {                                                                             \
        static constexpr std::string_view prefix = Prefix;                                         \
    };                                                                                             \
    using Name = Id<Name##Tag> /* NOLINT(bugprone-macro-parentheses): a name takes none */

GATEFOLD_ID(CopyId, "c_");
GATEFOLD_ID(ScanId, "s_");
GATEFOLD_ID(InboxId, "i_");
GATEFOLD_ID(PersonId, "p_");
GATEFOLD_ID(LocationId, "l_");
GATEFOLD_ID(PlayId, "n_");
GATEFOLD_ID(TokenId, "t_");
GATEFOLD_ID(SignInId, "w_");
GATEFOLD_ID(JobId, "j_");
#undef GATEFOLD_ID

/// Discogs' number, or above 2^40 for a release that Discogs does not have.
using ReleaseId = std::int64_t;
inline constexpr ReleaseId firstOwnReleaseId = (std::int64_t{1} << 40) + 1;

/// A deck's name in topics and routes: [a-z0-9_-]{1,32}.
using DeckId = std::string;

} // namespace gatefold
