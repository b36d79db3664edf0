#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace gatefold {

/// One member of a document: its name in JSON and where it lives in the struct.
template <class Owner, class Member>
struct Field {
    std::string_view name;
    Member Owner::*member;
    std::string_view note; ///< one line for the API document
};

template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member,
                                     std::string_view note = {}) {
    return {name, member, note};
}

/// A type lists its members once: `static constexpr auto fields = fieldList(field("id", &T::id),
/// ...)`. Reader, writer and schema of `json/` come from that list. A member of type std::optional
/// may be missing or null in what is read and is written as null; `Absent<T>` is left out when it
/// has no value; all others are required. `T::fields(visit)` calls `visit` with all fields at once.
template <class... F>
constexpr auto fieldList(F... f) {
    // A closure and no std::tuple, whose constructors cost seconds a file to compile.
    return [=](auto&& visit) -> decltype(auto) { return visit(f...); };
}

/// Two lists as one, for a type that adds members to its base.
template <class First, class Second>
constexpr auto joined(First first, Second second) {
    return [=](auto&& visit) -> decltype(auto) {
        return first([&](const auto&... f) -> decltype(auto) {
            return second([&](const auto&... s) -> decltype(auto) { return visit(f..., s...); });
        });
    };
}

template <class T>
concept Described = requires {
    T::fields;
};

/// Names of an enum in documents: specialise with `static constexpr std::array<std::pair<E,
/// std::string_view>, N> names`.
template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = requires {
    EnumNames<E>::names;
};

template <NamedEnum E>
constexpr std::string_view nameOf(E value) {
    for (const auto& [e, text] : EnumNames<E>::names)
        if (e == value)
            return text;
    return {};
}

/// All names, in the order of the enum's table.
template <NamedEnum E>
constexpr auto namesOf() {
    std::array<std::string_view, EnumNames<E>::names.size()> names;
    std::transform(EnumNames<E>::names.begin(), EnumNames<E>::names.end(), names.begin(),
                   [](const auto& row) { return row.second; });
    return names;
}

/// The enumerator of that name, or false.
template <NamedEnum E>
constexpr bool parseName(std::string_view text, E& out) {
    for (const auto& [e, candidate] : EnumNames<E>::names)
        if (candidate == text) {
            out = e;
            return true;
        }
    return false;
}

} // namespace gatefold
