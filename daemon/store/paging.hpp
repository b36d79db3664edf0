#pragma once

#include "core/error.hpp"
#include "ports/records.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace gatefold::store {

inline int pageSize(const PageRequest& page) {
    return std::clamp(page.limit, 1, 500);
}

inline Error badCursor() {
    return {ErrorCode::invalid, "This cursor is none of ours; begin again without one.", "cursor"};
}

/// The row number that a plain cursor names; nothing for the first page.
inline std::optional<std::int64_t> cursorRow(const PageRequest& page) {
    if (page.cursor.empty())
        return std::nullopt;
    std::int64_t row = 0;
    const auto [end, error] =
        std::from_chars(page.cursor.data(), page.cursor.data() + page.cursor.size(), row);
    if (error != std::errc() || end != page.cursor.data() + page.cursor.size())
        throw badCursor();
    return row;
}

/// Drops the one row that was read too many and makes the cursor from the last one that stays.
template <class T, class CursorOf>
void cutPage(Page<T>& page, int size, CursorOf cursor_of) {
    if (page.items.size() <= static_cast<std::size_t>(size))
        return;
    page.items.resize(static_cast<std::size_t>(size));
    page.next = cursor_of(page.items.back());
}

/// A row's version after an update that expected one. Throws `notFound`, `preconditionFailed`.
inline void checkVersion(std::int64_t stored, std::optional<std::int64_t> expected) {
    if (expected && *expected != stored)
        throw Error(ErrorCode::preconditionFailed,
                    "Somebody changed it in the meantime; look again and repeat your change.");
}

} // namespace gatefold::store
