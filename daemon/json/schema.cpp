#include "json/schema.hpp"

#include "core/error.hpp"

#include <cctype>

namespace gatefold::json {

bool SchemaRegistry::claim(const std::string& name, std::type_index type) {
    const auto [owner, fresh] = owners_.emplace(name, type);
    if (owner->second != type)
        throw Error(ErrorCode::internal, "two types share the schema name " + name);
    return fresh;
}

Value SchemaRegistry::all() const {
    Object out;
    for (const auto& [name, schema] : schemas_)
        out.push_back({name, schema});
    return out;
}

Value schemaRef(const std::string& name) {
    return Value().set("$ref", "#/components/schemas/" + name);
}

Value simpleSchema(std::string_view type, std::string_view format) {
    Value out = Value().set("type", type);
    if (!format.empty())
        out.set("format", format);
    return out;
}

Value arraySchema(Value items) {
    return simpleSchema("array").set("items", std::move(items));
}

Value enumSchema(std::span<const std::string_view> names) {
    return simpleSchema("string").set("enum", Array(names.begin(), names.end()));
}

Value nullable(Value schema) {
    for (Member& member : *schema.object())
        if (member.name == "type" && member.value.string()) {
            member.value = Array{std::move(member.value), Value("null")};
            return schema;
        }
    return Value().set("anyOf", Array{std::move(schema), Value().set("type", "null")});
}

std::string schemaName(std::string_view cpp_name, Direction direction) {
    std::string out;
    std::string word;
    for (const char c : cpp_name) {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
            word += c;
        } else if (c == ':') {
            word.clear();
        } else {
            out += word;
            word.clear();
            if (c == '<')
                out += "Of";
        }
    }
    out += word;
    return direction == Direction::read ? out + "Input" : out;
}

void ObjectSchema::add(std::string_view name, Value schema, std::string_view note,
                       bool may_be_left_out) {
    if (!note.empty())
        schema.set("description", note);
    properties_.push_back({std::string(name), std::move(schema)});
    if (!may_be_left_out)
        required_.emplace_back(name);
}

Value ObjectSchema::take() {
    Value out = simpleSchema("object").set("properties", std::move(properties_));
    if (!required_.empty())
        out.set("required", std::move(required_));
    if (direction_ == Direction::read)
        out.set("additionalProperties", false);
    return out;
}

} // namespace gatefold::json
