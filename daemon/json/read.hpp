#pragma once

#include "core/absent.hpp"
#include "core/error.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/patch.hpp"
#include "core/text.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Values into described types: the one place where the shape of what comes from outside is
/// checked.
namespace gatefold::json {

/// How much one member may hold; meaning (lengths of names ...) is checked by constructors in core.
inline constexpr std::size_t maxStringBytes = 64 * 1024;
inline constexpr std::size_t maxItems = 10'000;

namespace detail {

/// "release.labels[0].catno"; empty for the document itself.
using Path = std::string;

[[noreturn]] inline void refuse(const Path& path, const std::string& what) {
    throw Error(ErrorCode::invalid, (path.empty() ? "the document" : path) + " " + what, path);
}

inline Path below(const Path& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsOptional<Absent<T>> : std::true_type {};
template <class T>
struct IsOptional<Patch<T>> : std::true_type {};

/// One specialisation for each kind of member.
template <class T>
struct Reader;

template <>
struct Reader<Value> {
    static Value read(const Value& value, const Path&) { return value; }
};

template <>
struct Reader<bool> {
    static bool read(const Value& value, const Path& path) {
        if (const bool* boolean = value.boolean())
            return *boolean;
        refuse(path, "must be true or false");
    }
};

template <std::integral T>
struct Reader<T> {
    static T read(const Value& value, const Path& path) {
        const std::int64_t* integer = value.integer();
        if (!integer)
            refuse(path, "must be a whole number");
        if (!std::in_range<T>(*integer))
            refuse(path, "is out of range");
        return static_cast<T>(*integer);
    }
};

template <std::floating_point T>
struct Reader<T> {
    static T read(const Value& value, const Path& path) {
        if (const double* real = value.real())
            return static_cast<T>(*real);
        if (const std::int64_t* integer = value.integer())
            return static_cast<T>(*integer);
        refuse(path, "must be a number");
    }
};

template <>
struct Reader<std::string> {
    static std::string read(const Value& value, const Path& path) {
        const std::string* string = value.string();
        if (!string)
            refuse(path, "must be a string");
        if (string->size() > maxStringBytes)
            refuse(path, "is longer than " + std::to_string(maxStringBytes) + " bytes");
        return *string;
    }
};

template <>
struct Reader<WallTime> {
    static WallTime read(const Value& value, const Path& path) {
        if (const std::string* string = value.string())
            if (const auto time = parseIsoTime(*string))
                return *time;
        refuse(path, "must be a time like \"2026-03-01T20:01:07Z\"");
    }
};

template <class Tag>
struct Reader<Id<Tag>> {
    static Id<Tag> read(const Value& value, const Path& path) {
        if (const std::string* string = value.string())
            if (const auto id = Id<Tag>::parse(*string))
                return *id;
        refuse(path, "must be an id like \"" + std::string(Tag::prefix) + "1\"");
    }
};

template <NamedEnum E>
struct Reader<E> {
    static E read(const Value& value, const Path& path) {
        E out{};
        if (const std::string* string = value.string(); string && parseName(*string, out))
            return out;
        std::string names;
        for (const auto& [e, name] : EnumNames<E>::names)
            names.append(names.empty() ? "" : ", ").append(name);
        refuse(path, "must be one of " + names);
    }
};

template <class T>
struct Reader<std::vector<T>> {
    static std::vector<T> read(const Value& value, const Path& path) {
        const Array* array = value.array();
        if (!array)
            refuse(path, "must be a list");
        if (array->size() > maxItems)
            refuse(path, "has more than " + std::to_string(maxItems) + " items");
        std::vector<T> out;
        out.reserve(array->size());
        for (const Value& item : *array)
            out.push_back(Reader<T>::read(item, path + "[" + std::to_string(out.size()) + "]"));
        return out;
    }
};

template <class T>
struct Reader<std::optional<T>> {
    static std::optional<T> read(const Value& value, const Path& path) {
        if (value.isNull())
            return std::nullopt;
        return Reader<T>::read(value, path);
    }
};

template <class T>
struct Reader<Absent<T>> {
    static Absent<T> read(const Value& value, const Path& path) {
        Absent<T> out;
        if (!value.isNull())
            out.emplace(Reader<T>::read(value, path));
        return out;
    }
};

template <class T>
struct Reader<Patch<T>> {
    static Patch<T> read(const Value& value, const Path& path) {
        Patch<T> out;
        out.given = true;
        if (!value.isNull())
            out.value.emplace(Reader<T>::read(value, path));
        return out;
    }
};

template <Described T>
struct Reader<T> {
    static T read(const Value& value, const Path& path) {
        const Object* object = value.object();
        if (!object)
            refuse(path, "must be an object");
        refuseUnknown(*object, path);
        T out{};
        T::fields([&](const auto&... field) { (readMember(out, field, value, path), ...); });
        return out;
    }

private:
    static void refuseUnknown(const Object& object, const Path& path) {
        for (const Member& member : object) {
            const bool known = T::fields(
                [&](const auto&... field) { return ((field.name == member.name) || ...); });
            if (!known)
                refuse(below(path, printable(member.name, 60)), "is not known here");
        }
    }

    template <class F>
    static void readMember(T& out, const F& field, const Value& value, const Path& path) {
        using M = std::remove_cvref_t<decltype(out.*(field.member))>;
        const Path member_path = below(path, field.name);
        if (const Value* found = value.find(field.name))
            out.*(field.member) = Reader<M>::read(*found, member_path);
        else if constexpr (!IsOptional<M>::value)
            refuse(member_path, "is missing");
    }
};

} // namespace detail

/// Reads a described type (or a list, string, number ... of them) strictly: unknown, missing and
/// wrongly typed members throw Error `invalid` whose field is the member's path,
/// "release.labels[0].catno". Any thread.
template <class T>
T read(const Value& value) {
    return detail::Reader<T>::read(value, {});
}

} // namespace gatefold::json
