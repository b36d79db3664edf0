#include "schema_check.hpp"

#include "core/error.hpp"
#include "http/routes.hpp"
#include "json/write.hpp"

#include <algorithm>

using gatefold::json::Value;

namespace {

using Found = std::vector<std::string>;

void append(Found& to, Found from) {
    to.insert(to.end(), from.begin(), from.end());
}

/// `value`, or what its "#/components/KIND/NAME" leads to; null when that is nothing.
const Value* followed(const Value& document, const Value& value) {
    const Value* ref = value.find("$ref");
    if (!ref)
        return &value;
    const std::string name = ref->string()->substr(std::string("#/components/").size());
    const Value* kind = document.find("components")->find(name.substr(0, name.find('/')));
    return kind ? kind->find(name.substr(name.find('/') + 1)) : nullptr;
}

bool isOf(const std::string& type, const Value& instance) {
    if (type == "null")
        return instance.isNull();
    if (type == "boolean")
        return instance.boolean() != nullptr;
    if (type == "integer")
        return instance.integer() != nullptr;
    if (type == "number")
        return instance.integer() || instance.real();
    if (type == "string")
        return instance.string() != nullptr;
    if (type == "array")
        return instance.array() != nullptr;
    return type == "object" && instance.object();
}

bool typeFits(const Value& type, const Value& instance) {
    if (type.string())
        return isOf(*type.string(), instance);
    return std::any_of(type.array()->begin(), type.array()->end(),
                       [&](const Value& one) { return isOf(*one.string(), instance); });
}

Found objectViolations(const Value& document, const Value& schema, const Value& instance,
                       const std::string& path) {
    Found out;
    const Value* properties = schema.find("properties");
    for (const auto& [name, value] : *instance.object()) {
        const Value* known = properties ? properties->find(name) : nullptr;
        if (!known && properties)
            out.push_back(path + "." + name + " is not documented");
        if (known)
            append(out, violations(document, *known, value, path + "." + name));
    }
    if (const Value* required = schema.find("required"))
        for (const Value& name : *required->array())
            if (!instance.find(*name.string()))
                out.push_back(path + "." + *name.string() + " is missing");
    return out;
}

} // namespace

std::vector<std::string> violations(const Value& document, const Value& reference,
                                    const Value& instance, const std::string& path) {
    const Value* schema = followed(document, reference);
    if (!schema)
        return {path + ": a reference leads nowhere"};
    if (const Value* any = schema->find("anyOf")) {
        const bool fits =
            std::any_of(any->array()->begin(), any->array()->end(), [&](const Value& one) {
                return violations(document, one, instance, path).empty();
            });
        return fits ? Found{}
                    : Found{path + " fits none of its schemas: " + gatefold::json::write(instance)};
    }
    Found out;
    if (const Value* type = schema->find("type"); type && !typeFits(*type, instance))
        return {path + " has the wrong type: " + gatefold::json::write(instance)};
    if (const Value* names = schema->find("enum");
        names && std::find(names->array()->begin(), names->array()->end(), instance) ==
                     names->array()->end())
        out.push_back(path + " is not one of its names: " + gatefold::json::write(instance));
    if (instance.object())
        append(out, objectViolations(document, *schema, instance, path));
    if (const Value* items = schema->find("items"); items && instance.array())
        for (std::size_t i = 0; i < instance.array()->size(); ++i)
            append(out, violations(document, *items, (*instance.array())[i],
                                   path + "[" + std::to_string(i) + "]"));
    return out;
}

std::vector<std::string> replyViolations(const Value& document, const std::string& method,
                                         const std::string& path, int status,
                                         const std::string& media, const std::string& body) {
    const auto target = gatefold::http::parseTarget(path);
    std::vector<std::pair<std::string_view, std::string>> parameters;
    for (const auto& route : gatefold::http::routes()) {
        if (nameOfMethod(route.method) != method || !matches(route.path, target, parameters))
            continue;
        std::string verb = method;
        std::transform(verb.begin(), verb.end(), verb.begin(),
                       [](char c) { return static_cast<char>(c + 32); });
        const Value* operation = document.find("paths")->find(route.path)->find(verb);
        const Value* response = operation->find("responses")->find(std::to_string(status));
        if (!response)
            return {"the status " + std::to_string(status) + " is not documented: " + body};
        const Value* content = followed(document, *response)->find("content");
        if (!content)
            return body.empty() ? Found{} : Found{"a body that is not documented"};
        const Value* described = content->find(gatefold::http::mediaType(media));
        if (!described)
            return {"the media type " + media + " is not documented"};
        if (!media.ends_with("json"))
            return {};
        return violations(document, *described->find("schema"), gatefold::json::parse(body));
    }
    return {"no such route"};
}
