#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/patch.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
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

[[noreturn]] void refuse(const Path& path, const std::string& what);
[[noreturn]] void refuseName(const Path& path, std::span<const std::string_view> names);
Path below(const Path& path, std::string_view name);
Path below(const Path& path, std::size_t index);

// What a value is as it stands; each throws when it is of another kind, or too much.
bool asBool(const Value& value, const Path& path);
std::int64_t asInteger(const Value& value, const Path& path);
double asReal(const Value& value, const Path& path);
const std::string& asString(const Value& value, const Path& path);
WallTime asTime(const Value& value, const Path& path);
const Array& asArray(const Value& value, const Path& path);
/// Throws also for a member whose name is not among `names`.
const Object& asObject(const Value& value, const Path& path,
                       std::span<const std::string_view> names);

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
    static bool read(const Value& value, const Path& path) { return asBool(value, path); }
};

template <std::integral T>
struct Reader<T> {
    static T read(const Value& value, const Path& path) {
        const std::int64_t integer = asInteger(value, path);
        if (!std::in_range<T>(integer))
            refuse(path, "is out of range");
        return static_cast<T>(integer);
    }
};

template <std::floating_point T>
struct Reader<T> {
    static T read(const Value& value, const Path& path) {
        return static_cast<T>(asReal(value, path));
    }
};

template <>
struct Reader<std::string> {
    static std::string read(const Value& value, const Path& path) { return asString(value, path); }
};

template <>
struct Reader<WallTime> {
    static WallTime read(const Value& value, const Path& path) { return asTime(value, path); }
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
        refuseName(path, namesOf<E>());
    }
};

template <class T>
struct Reader<std::vector<T>> {
    static std::vector<T> read(const Value& value, const Path& path) {
        const Array& array = asArray(value, path);
        std::vector<T> out;
        out.reserve(array.size());
        for (const Value& item : array)
            out.push_back(Reader<T>::read(item, below(path, out.size())));
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
        static constexpr auto names = T::fields([](const auto&... field) {
            return std::array<std::string_view, sizeof...(field)>{field.name...};
        });
        asObject(value, path, names);
        T out{};
        T::fields([&](const auto&... field) { (readMember(out, field, value, path), ...); });
        return out;
    }

private:
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
