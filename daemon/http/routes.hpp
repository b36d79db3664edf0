#pragma once

#include "core/role.hpp"
#include "http/endpoint.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace gatefold::http {

/// A parameter of a query string.
struct QueryParameter {
    std::string_view name;
    std::string_view type; ///< JSON Schema's: "string", "integer"
    std::string_view note;
};

/// One row of the table: all that is ever said about a route.
struct Route {
    Method method;
    std::string_view path; ///< "{name}" stands for one segment, or the beginning of one
    std::optional<Permission> permission;
    int status; ///< of success
    std::string_view summary;
    Endpoint endpoint;
    std::span<const QueryParameter> query = {};
    std::string_view media = "application/json"; ///< of the reply
    bool needs_version = false;                  ///< wants If-Match
    std::size_t max_body = 256 * 1024;
    bool same_for_all = false; ///< the reply follows from the store and the query, nothing else
};

/// The table, in the order of the API document.
std::span<const Route> routes();

/// Matches a path against a pattern and collects its parameters.
bool matches(std::string_view pattern, const Target& target,
             std::vector<std::pair<std::string_view, std::string>>& parameters);

} // namespace gatefold::http
