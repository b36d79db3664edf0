#include "http/message.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

namespace gatefold::http {

std::string_view nameOfMethod(Method method) {
    switch (method) {
    case Method::get: return "GET";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::remove: return "DELETE";
    }
    return "";
}

std::string_view Request::header(std::string_view name) const {
    const std::string wanted = asciiLower(name);
    for (const auto& [key, value] : headers)
        if (asciiLower(key) == wanted)
            return value;
    return {};
}

bool Request::has(std::string_view name) const {
    const std::string wanted = asciiLower(name);
    for (const auto& [key, value] : headers)
        if (asciiLower(key) == wanted)
            return true;
    return false;
}

const std::string& Request::parameter(std::string_view name) const {
    for (const auto& [key, value] : parameters)
        if (key == name)
            return value;
    throw Error(ErrorCode::internal, "the route has no parameter " + std::string(name));
}

std::optional<std::string> Request::query(std::string_view name) const {
    const auto at = target.query.find(name);
    if (at == target.query.end() || at->second.empty())
        return std::nullopt;
    return at->second;
}

} // namespace gatefold::http
