#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::json {

/// Appends a quoted string; bytes that are not UTF-8 become U+FFFD.
void writeTo(std::string& out, std::string_view text);
/// Shortest form that reads back as the same number; what is no number becomes null.
void writeTo(std::string& out, double value);
void writeTo(std::string& out, std::int64_t value);
void writeTo(std::string& out, const Value& value);
inline void writeTo(std::string& out, const std::string& text) {
    writeTo(out, std::string_view(text));
}
inline void writeTo(std::string& out, const char* text) {
    writeTo(out, std::string_view(text));
}
inline void writeTo(std::string& out, bool value) {
    out += value ? "true" : "false";
}
inline void writeTo(std::string& out, WallTime time) {
    writeTo(out, std::string_view(isoTime(time)));
}
template <std::integral T>
void writeTo(std::string& out, T value) {
    writeTo(out, static_cast<std::int64_t>(value));
}
template <NamedEnum E>
void writeTo(std::string& out, E value) {
    writeTo(out, nameOf(value));
}
template <class Tag>
void writeTo(std::string& out, const Id<Tag>& id) {
    writeTo(out, std::string_view(id.text()));
}
template <class T>
void writeTo(std::string& out, const std::optional<T>& value);
template <class T>
void writeTo(std::string& out, const Absent<T>& value);
template <class T>
void writeTo(std::string& out, const std::vector<T>& items);
template <Described T>
void writeTo(std::string& out, const T& value);

template <class T>
void writeTo(std::string& out, const std::optional<T>& value) {
    if (value)
        writeTo(out, *value);
    else
        out += "null";
}

template <class T>
void writeTo(std::string& out, const Absent<T>& value) {
    writeTo(out, static_cast<const std::optional<T>&>(value));
}

template <class T>
void writeTo(std::string& out, const std::vector<T>& items) {
    out += '[';
    for (const auto& item : items) {
        if (out.back() != '[')
            out += ',';
        writeTo(out, item);
    }
    out += ']';
}

namespace detail {
template <class T>
bool leftOut(const T&) {
    return false;
}
template <class T>
bool leftOut(const Absent<T>& value) {
    return !value.has_value();
}
/// The name and its colon, after a comma unless the member is the first of its object.
void startMember(std::string& out, std::string_view name);
} // namespace detail

/// Members of a described type without the braces, each with a comma before it unless it is the
/// first in `out`'s object.
template <Described T>
void writeMembersTo(std::string& out, const T& value) {
    T::fields([&](const auto&... field) {
        const auto one = [&](std::string_view name, const auto& member) {
            if (detail::leftOut(member))
                return;
            detail::startMember(out, name);
            writeTo(out, member);
        };
        (one(field.name, value.*(field.member)), ...);
    });
}

template <Described T>
void writeTo(std::string& out, const T& value) {
    out += '{';
    writeMembersTo(out, value);
    out += '}';
}

/// The JSON text of a Value, a described type, or anything such a type may have as a member. Any
/// thread.
template <class T>
std::string write(const T& value) {
    std::string out;
    writeTo(out, value);
    return out;
}

/// Indented by two blanks, for files that people compare.
std::string writePretty(const Value& value);

} // namespace gatefold::json
