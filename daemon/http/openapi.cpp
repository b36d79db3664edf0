#include "http/openapi.hpp"

#include "http/documents.hpp"
#include "http/problem.hpp"
#include "http/routes.hpp"
#include "json/schema.hpp"

#include <algorithm>
#include <vector>

namespace gatefold::http {

namespace {

using json::Array;
using json::Value;

Value content(std::string_view media, Value schema) {
    return Value().set(media, Value().set("schema", std::move(schema)));
}

Value bytes(std::string_view media) {
    return content(media, Value().set("type", "string"));
}

/// "/api/v1/copies/{id}/restore" -> "copies"; what is outside /api/v1 belongs to the box.
std::string tagOf(const Route& route) {
    constexpr std::string_view prefix = "/api/v1/";
    if (!route.path.starts_with(prefix))
        return "box";
    const std::string_view rest = route.path.substr(prefix.size());
    return std::string(rest.substr(0, rest.find('/')));
}

Array parametersOf(const Route& route) {
    Array out;
    for (std::string_view path = route.path; path.find('{') != path.npos;) {
        path.remove_prefix(path.find('{') + 1);
        out.push_back(Value()
                          .set("name", path.substr(0, path.find('}')))
                          .set("in", "path")
                          .set("required", true)
                          .set("schema", Value().set("type", "string")));
    }
    for (const QueryParameter& parameter : route.query)
        out.push_back(Value()
                          .set("name", parameter.name)
                          .set("in", "query")
                          .set("description", parameter.note)
                          .set("schema", Value().set("type", parameter.type)));
    if (route.needs_version)
        out.push_back(Value()
                          .set("name", "If-Match")
                          .set("in", "header")
                          .set("required", true)
                          .set("description", "ETag of what is edited")
                          .set("schema", Value().set("type", "string")));
    return out;
}

Value successOf(const Route& route, json::SchemaRegistry& registry) {
    Value out = Value().set("description", route.summary);
    if (route.endpoint.has_tag)
        out.set("headers",
                Value().set("ETag", Value().set("schema", Value().set("type", "string"))));
    if (route.endpoint.reply_schema)
        out.set("content", content(route.media, route.endpoint.reply_schema(registry)));
    else if (route.status != 204)
        out.set("content", route.media == "application/json"
                               ? content(route.media, Value(json::Object()))
                               : bytes(route.media));
    return out;
}

/// Statuses that a route can answer a problem with.
std::vector<int> problemsOf(const Route& route) {
    std::vector<int> out{400};
    const bool changes = route.method != Method::get;
    const bool signed_in_only = route.permission != Permission::open;
    const bool versioned = route.needs_version;
    const bool body = route.endpoint.body != BodyKind::none;
    if (signed_in_only || route.path == "/api/v1/session")
        out.push_back(401);
    if (signed_in_only || changes)
        out.push_back(403);
    if (route.path.find('{') != route.path.npos)
        out.push_back(404);
    if (changes)
        out.push_back(409);
    if (body)
        out.push_back(411);
    if (versioned || route.method == Method::remove)
        out.push_back(412);
    if (body)
        out.insert(out.end(), {413, 415});
    out.push_back(422);
    if (versioned)
        out.push_back(428);
    if (!signed_in_only && changes)
        out.push_back(429);
    out.push_back(500);
    out.push_back(503);
    if (changes)
        out.push_back(507);
    return out;
}

Value responsesOf(const Route& route, json::SchemaRegistry& registry) {
    Value success = successOf(route, registry);
    Value out(json::Object{});
    if (route.endpoint.operation == "handInScan")
        out.set("200", success);
    out.set(std::to_string(route.status), std::move(success));
    if (route.endpoint.has_tag && route.method == Method::get)
        out.set("304", Value().set("description", reasonOf(304)));
    for (const int status : problemsOf(route))
        out.set(std::to_string(status), Value().set("$ref", "#/components/responses/Problem"));
    return out;
}

Value requestBodyOf(const Route& route, json::SchemaRegistry& registry) {
    Value out = Value().set("required", true);
    if (route.endpoint.body == BodyKind::json)
        return out.set("content",
                       content("application/json", route.endpoint.request_schema(registry)));
    Value images;
    for (const char* media : {"image/jpeg", "image/png"})
        images.set(media, Value().set("schema", Value().set("type", "string")));
    return out.set("content", std::move(images));
}

Value operationOf(const Route& route, json::SchemaRegistry& registry) {
    Value out = Value()
                    .set("operationId", route.endpoint.operation)
                    .set("tags", Array{Value(tagOf(route))})
                    .set("summary", route.summary)
                    .set("x-permission", nameOf(*route.permission));
    Array parameters = parametersOf(route);
    if (!parameters.empty())
        out.set("parameters", std::move(parameters));
    if (route.endpoint.body != BodyKind::none)
        out.set("requestBody", requestBodyOf(route, registry));
    out.set("responses", responsesOf(route, registry));
    if (route.permission == Permission::open)
        out.set("security", Array());
    return out;
}

Value pathsOf(json::SchemaRegistry& registry) {
    json::Object paths;
    for (const Route& route : routes()) {
        auto at = std::find_if(paths.begin(), paths.end(),
                               [&](const auto& member) { return member.name == route.path; });
        if (at == paths.end())
            at = paths.insert(at, {std::string(route.path), Value(json::Object())});
        std::string method(nameOfMethod(route.method));
        for (char& c : method)
            c = static_cast<char>(c + ('a' - 'A'));
        at->value.set(method, operationOf(route, registry));
    }
    return paths;
}

Value securitySchemes() {
    return Value()
        .set("cookie", Value().set("type", "apiKey").set("in", "cookie").set("name", "gf"))
        .set("token", Value().set("type", "http").set("scheme", "bearer"));
}

Value problemResponse() {
    return Value()
        .set("description", "What was wrong and where (RFC 9457)")
        .set("content", content("application/problem+json", json::schemaRef("Problem")));
}

} // namespace

json::Value apiDocument() {
    json::SchemaRegistry registry;
    json::schemaOf<Problem>(registry, json::Direction::sent);
    Value paths = pathsOf(registry);
    return Value()
        .set("openapi", "3.1.0")
        .set("info",
             Value()
                 .set("title", "Gatefold")
                 .set("version", GATEFOLD_VERSION)
                 .set("description",
                      "The household's records: what is on the shelf and what is playing.")
                 .set("license", Value().set("name", "Apache-2.0").set("identifier", "Apache-2.0")))
        .set("servers", Array{Value().set("url", "/")})
        .set("security", Array{Value().set("cookie", Array()), Value().set("token", Array())})
        .set("paths", std::move(paths))
        .set("components", Value()
                               .set("securitySchemes", securitySchemes())
                               .set("responses", Value().set("Problem", problemResponse()))
                               .set("schemas", registry.all()));
}

} // namespace gatefold::http
