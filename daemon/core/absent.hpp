#pragma once

#include <optional>

namespace gatefold {

/// An optional member of a document that is left out (not null) when it has no value.
template <class T> struct Absent : std::optional<T> {
    using std::optional<T>::optional;
    using std::optional<T>::operator=;
};

} // namespace gatefold
