#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gatefold::json {

class Value;
struct Member;
using Array = std::vector<Value>;
/// Members in the order they were written; names are unique in what parse() gives.
using Object = std::vector<Member>;

/// A JSON document as a tree of plain values.
class Value {
public:
    Value(std::nullptr_t = nullptr);
    Value(bool value);
    Value(std::int64_t value);
    template <std::integral T>
    Value(T value) : Value(static_cast<std::int64_t>(value)) {}
    Value(double value);
    Value(std::string value);
    Value(std::string_view value);
    Value(const char* value);
    Value(Array value);
    Value(Object value);
    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(const Value&);
    Value& operator=(Value&&) noexcept;
    ~Value();

    bool isNull() const { return std::holds_alternative<std::nullptr_t>(data_); }
    // The content when it is of that kind, else null.
    const bool* boolean() const { return std::get_if<bool>(&data_); }
    const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
    const double* real() const { return std::get_if<double>(&data_); }
    const std::string* string() const { return std::get_if<std::string>(&data_); }
    const Array* array() const { return std::get_if<Array>(&data_); }
    const Object* object() const { return std::get_if<Object>(&data_); }
    Array* array() { return std::get_if<Array>(&data_); }
    Object* object() { return std::get_if<Object>(&data_); }

    /// The member of that name of an object; null when there is none or this is no object.
    const Value* find(std::string_view name) const;
    /// Appends a member to an object (a null value becomes an object first) and returns this.
    Value& set(std::string_view name, Value value);

    bool operator==(const Value&) const;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Member {
    std::string name;
    Value value;
    bool operator==(const Member&) const = default;
};

/// What a document may cost. Every bound is checked while reading, before memory is spent.
struct Limits {
    std::size_t max_bytes = 1 << 20;
    std::size_t max_depth = 32;
    std::size_t max_values = 200'000; ///< values in the whole document
    std::size_t max_members = 1'024;  ///< members of one object
};

/// Reads one strict JSON document (RFC 8259): well-formed UTF-8, no duplicate names, nothing behind
/// it, integers within 64 bits. Throws Error `malformed` with line and column, `tooLarge` beyond
/// max_bytes.
Value parse(std::string_view text, const Limits& limits = {});

} // namespace gatefold::json
