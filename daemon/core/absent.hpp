#pragma once

#include <optional>
#include <utility>

namespace gatefold {

/// An optional member of a document that is left out (not null) when it has no value.
template <class T>
struct Absent : std::optional<T> {
    using std::optional<T>::optional;
    Absent() = default;
    Absent(std::optional<T> value) : std::optional<T>(std::move(value)) {}
    /// Said outright, because clang finds the comparisons of std::optional ambiguous here.
    friend bool operator==(const Absent& a, const Absent& b) {
        return static_cast<const std::optional<T>&>(a) == static_cast<const std::optional<T>&>(b);
    }
};

} // namespace gatefold
