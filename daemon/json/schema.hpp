#pragma once

#include "core/absent.hpp"
#include "core/fields.hpp"
#include "core/ids.hpp"
#include "core/patch.hpp"
#include "core/time.hpp"
#include "json/value.hpp"

#include <concepts>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <vector>

/// JSON Schema 2020-12 (the dialect of OpenAPI 3.1) from the same field lists that reader and
/// writer use.
namespace gatefold::json {

/// What we send has every member but `Absent` ones; what we read may leave optional ones out, and
/// nothing unknown may stand in it.
enum class Direction { sent, read };

/// Named types of one API document: each is described once and referred to by `$ref`.
class SchemaRegistry {
public:
    /// The name of T's schema: its C++ name without namespaces, with "Input" behind it for what we
    /// read. True when the caller has to describe it now. Throws Error `internal` when another type
    /// has that name.
    bool claim(const std::string& name, std::type_index type);
    void describe(const std::string& name, Value schema) {
        schemas_.insert_or_assign(name, std::move(schema));
    }
    /// All of them by name, for `components.schemas`.
    Value all() const;

private:
    std::map<std::string, std::type_index> owners_;
    std::map<std::string, Value> schemas_;
};

/// {"$ref": "#/components/schemas/NAME"}
Value schemaRef(const std::string& name);
/// {"type": TYPE}, with {"format": FORMAT} where there is one.
Value simpleSchema(std::string_view type, std::string_view format = {});
Value arraySchema(Value items);
Value enumSchema(std::span<const std::string_view> names);
/// The schema, or null: {"type": ["string", "null"]} or an anyOf.
Value nullable(Value schema);
/// "Page<gatefold::CopyView>" -> "PageOfCopyView".
std::string schemaName(std::string_view cpp_name, Direction direction);

/// The schema of a described type, member by member.
class ObjectSchema {
public:
    explicit ObjectSchema(Direction direction) : direction_(direction) {}
    void add(std::string_view name, Value schema, std::string_view note, bool may_be_left_out);
    /// What we read may have no other members.
    Value take();

private:
    Direction direction_;
    Object properties_;
    Array required_;
};

namespace detail {

/// The compiler's own spelling of T.
template <class T>
constexpr std::string_view cppName() {
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    return name.substr(0, name.find_first_of(";]"));
}

template <class T>
struct Schema;

template <>
struct Schema<Value> {
    static Value of(SchemaRegistry&, Direction) { return Value(Object()); }
};
template <>
struct Schema<bool> {
    static Value of(SchemaRegistry&, Direction) { return simpleSchema("boolean"); }
};
template <std::integral T>
struct Schema<T> {
    static Value of(SchemaRegistry&, Direction) {
        return simpleSchema("integer", sizeof(T) > 4 ? "int64" : "int32");
    }
};
template <std::floating_point T>
struct Schema<T> {
    static Value of(SchemaRegistry&, Direction) { return simpleSchema("number"); }
};
template <>
struct Schema<std::string> {
    static Value of(SchemaRegistry&, Direction) { return simpleSchema("string"); }
};
template <>
struct Schema<WallTime> {
    static Value of(SchemaRegistry&, Direction) { return simpleSchema("string", "date-time"); }
};
template <class Tag>
struct Schema<Id<Tag>> {
    static Value of(SchemaRegistry&, Direction) { return simpleSchema("string"); }
};

template <NamedEnum E>
struct Schema<E> {
    static Value of(SchemaRegistry& registry, Direction) {
        const std::string name = schemaName(cppName<E>(), Direction::sent);
        if (registry.claim(name, typeid(E)))
            registry.describe(name, enumSchema(namesOf<E>()));
        return schemaRef(name);
    }
};

template <class T>
struct Schema<std::vector<T>> {
    static Value of(SchemaRegistry& registry, Direction direction) {
        return arraySchema(Schema<T>::of(registry, direction));
    }
};
template <class T>
struct Schema<std::optional<T>> {
    static Value of(SchemaRegistry& registry, Direction direction) {
        return nullable(Schema<T>::of(registry, direction));
    }
};
template <class T>
struct Schema<Absent<T>> {
    static Value of(SchemaRegistry& registry, Direction direction) {
        Value schema = Schema<T>::of(registry, direction);
        return direction == Direction::read ? nullable(std::move(schema)) : schema;
    }
};
template <class T>
struct Schema<Patch<T>> {
    static Value of(SchemaRegistry& registry, Direction direction) {
        return nullable(Schema<T>::of(registry, direction));
    }
};

template <class T>
struct MayBeLeftOut {
    static bool in(Direction) { return false; }
};
template <class T>
struct MayBeLeftOut<std::optional<T>> {
    static bool in(Direction direction) { return direction == Direction::read; }
};
template <class T>
struct MayBeLeftOut<Absent<T>> {
    static bool in(Direction) { return true; }
};
template <class T>
struct MayBeLeftOut<Patch<T>> {
    static bool in(Direction) { return true; }
};

template <Described T>
struct Schema<T> {
    static Value of(SchemaRegistry& registry, Direction direction) {
        const std::string name = schemaName(cppName<T>(), direction);
        if (registry.claim(name, typeid(T)))
            registry.describe(name, describe(registry, direction));
        return schemaRef(name);
    }

private:
    static Value describe(SchemaRegistry& registry, Direction direction) {
        ObjectSchema out(direction);
        T::fields([&](const auto&... field) {
            const auto one = [&](const auto& f) {
                using M = std::remove_cvref_t<decltype(std::declval<T&>().*(f.member))>;
                out.add(f.name, Schema<M>::of(registry, direction), f.note,
                        MayBeLeftOut<M>::in(direction));
            };
            (one(field), ...);
        });
        return out.take();
    }
};

} // namespace detail

/// The schema of T; named types go into the registry and are referred to.
template <class T>
Value schemaOf(SchemaRegistry& registry, Direction direction) {
    return detail::Schema<T>::of(registry, direction);
}

} // namespace gatefold::json
