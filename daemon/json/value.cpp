#include "json/value.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace gatefold::json {

namespace {

std::string placeOf(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto last_break = before.rfind('\n');
    const auto column =
        last_break == std::string_view::npos ? before.size() + 1 : before.size() - last_break;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ErrorCode::malformed, "not a JSON document: " + what);
}

/// nlohmann's words without its tag and place: "[json.exception.parse_error.101] parse error at
/// line 1, column 5: what ...".
std::string wordsOf(const nlohmann::json::exception& error) {
    std::string_view words = error.what();
    if (const auto colon = words.find(": "); words.starts_with('[') && colon != words.npos)
        words.remove_prefix(colon + 2);
    return printable(words, 160);
}

/// Builds the tree. The SAX interface gives no positions but for syntax errors, so bounds are told
/// without one.
class Builder final : public nlohmann::json::json_sax_t {
public:
    Builder(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

    Value take() { return std::move(root_); }

    bool null() override { return add(Value()); }
    bool boolean(bool value) override { return add(Value(value)); }
    bool number_integer(number_integer_t value) override { return add(Value(value)); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
            refuseBeyond64Bits();
        return add(Value(static_cast<std::int64_t>(value)));
    }
    /// nlohmann gives a whole number beyond its own 64 bits as a real.
    bool number_float(number_float_t value, const string_t& text) override {
        if (text.find_first_of(".eE") == text.npos)
            refuseBeyond64Bits();
        return add(Value(value));
    }
    bool string(string_t& value) override { return add(Value(std::move(value))); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value(Object())); }
    bool start_array(std::size_t) override { return open(Value(Array())); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        Object& object = *open_.back()->object();
        if (object.size() >= limits_.max_members)
            refuse("more than " + std::to_string(limits_.max_members) + " members in one object");
        for (const Member& member : object)
            if (member.name == name)
                refuse("the name \"" + printable(name) + "\" stands twice in one object");
        object.push_back({std::move(name), Value()});
        return true;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::json::exception& error) override {
        refuse(placeOf(text_, position == 0 ? 0 : position - 1) + ": " + wordsOf(error));
    }

private:
    [[noreturn]] static void refuseBeyond64Bits() { refuse("a whole number beyond 64 bits"); }
    Value& place(Value value) {
        if (++values_ > limits_.max_values)
            refuse("more than " + std::to_string(limits_.max_values) + " values");
        if (open_.empty())
            return root_ = std::move(value);
        if (Array* array = open_.back()->array())
            return array->emplace_back(std::move(value));
        return open_.back()->object()->back().value = std::move(value);
    }
    bool add(Value value) {
        place(std::move(value));
        return true;
    }
    /// The pointers stay good: a container does not grow while one inside it is open.
    bool open(Value value) {
        if (open_.size() >= limits_.max_depth)
            refuse("nested deeper than " + std::to_string(limits_.max_depth));
        open_.push_back(&place(std::move(value)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    const Limits& limits_;
    Value root_;
    std::vector<Value*> open_;
    std::size_t values_ = 0;
};

} // namespace

Value::Value(std::nullptr_t) {}
Value::Value(bool value) : data_(value) {}
Value::Value(std::int64_t value) : data_(value) {}
Value::Value(double value) : data_(value) {}
Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(std::string_view value) : data_(std::string(value)) {}
Value::Value(const char* value) : data_(std::string(value)) {}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view name) const {
    const Object* members = object();
    if (!members)
        return nullptr;
    const auto at = std::find_if(members->begin(), members->end(),
                                 [&](const Member& member) { return member.name == name; });
    return at == members->end() ? nullptr : &at->value;
}

Value& Value::set(std::string_view name, Value value) {
    if (isNull())
        data_ = Object();
    object()->push_back({std::string(name), std::move(value)});
    return *this;
}

bool Value::operator==(const Value& other) const {
    return data_ == other.data_;
}

Value parse(std::string_view text, const Limits& limits) {
    if (text.size() > limits.max_bytes)
        throw Error(ErrorCode::tooLarge,
                    "the document has more than " + std::to_string(limits.max_bytes) + " bytes");
    // nlohmann takes a NUL for the end and would not look at what follows.
    if (const auto nul = text.find('\0'); nul != text.npos)
        refuse(placeOf(text, nul) + ": a NUL byte");
    Builder builder(text, limits);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
        refuse("unreadable");
    return builder.take();
}

} // namespace gatefold::json
