#include "json/write.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace gatefold::json {

namespace {

template <class Number, class... Format>
void appendNumber(std::string& out, Number value, Format... format) {
    std::array<char, 32> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format...);
    out.append(buffer.data(), end);
}

/// The first number that std::int64_t does not hold. As digits alone, one from here on would be
/// refused by parse() as a whole number beyond 64 bits.
constexpr double beyondInteger = 0x1p63;

bool plain(std::string_view text) {
    for (const char c : text)
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
            return false;
    return true;
}

void appendPretty(std::string& out, const Value& value, std::size_t indent);

template <class Items, class One>
void appendBlock(std::string& out, char open, char close, const Items& items, std::size_t indent,
                 One one) {
    out += open;
    for (const auto& item : items) {
        out += &item == &items.front() ? "\n" : ",\n";
        out.append(indent + 2, ' ');
        one(item);
    }
    if (!items.empty())
        out.append("\n").append(indent, ' ');
    out += close;
}

void appendPretty(std::string& out, const Value& value, std::size_t indent) {
    if (const Array* array = value.array())
        appendBlock(out, '[', ']', *array, indent,
                    [&](const Value& item) { appendPretty(out, item, indent + 2); });
    else if (const Object* object = value.object())
        appendBlock(out, '{', '}', *object, indent, [&](const Member& member) {
            writeTo(out, member.name);
            out += ": ";
            appendPretty(out, member.value, indent + 2);
        });
    else
        writeTo(out, value);
}

} // namespace

void writeTo(std::string& out, std::string_view text) {
    if (plain(text))
        out.append("\"").append(text).append("\"");
    else
        out += nlohmann::json(std::string(text))
                   .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void writeTo(std::string& out, double value) {
    if (!std::isfinite(value))
        out += "null";
    else if (std::abs(value) >= beyondInteger)
        appendNumber(out, value, std::chars_format::scientific);
    else
        appendNumber(out, value + 0.0); // a negative zero as 0: -0 is read as a whole number
}

void writeTo(std::string& out, std::int64_t value) {
    appendNumber(out, value);
}

void writeTo(std::string& out, const Value& value) {
    if (const bool* boolean = value.boolean())
        writeTo(out, *boolean);
    else if (const std::int64_t* integer = value.integer())
        writeTo(out, *integer);
    else if (const double* real = value.real())
        writeTo(out, *real);
    else if (const std::string* string = value.string())
        writeTo(out, *string);
    else if (const Array* array = value.array())
        writeTo(out, *array);
    else if (const Object* object = value.object()) {
        out += '{';
        for (const Member& member : *object) {
            detail::startMember(out, member.name);
            writeTo(out, member.value);
        }
        out += '}';
    } else
        out += "null";
}

void detail::startMember(std::string& out, std::string_view name) {
    if (!out.empty() && out.back() != '{')
        out += ',';
    writeTo(out, name);
    out += ':';
}

std::string writePretty(const Value& value) {
    std::string out;
    appendPretty(out, value, 0);
    out += '\n';
    return out;
}

} // namespace gatefold::json
