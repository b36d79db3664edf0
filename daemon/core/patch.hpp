#pragma once

#include <optional>
#include <utility>

namespace gatefold {

/// A member of an edit: missing = leave as it is, null = clear, value = set. JSON merge patch (RFC
/// 7396) for one member.
template <class T>
struct Patch {
    bool given = false;
    std::optional<T> value;

    Patch() = default;
    Patch(T v) : given(true), value(std::move(v)) {}
    /// Puts the edit into `target`, if there is one.
    void apply(std::optional<T>& target) const {
        if (given)
            target = value;
    }
};

} // namespace gatefold
