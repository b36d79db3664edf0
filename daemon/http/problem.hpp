#pragma once

#include "core/error.hpp"
#include "core/fields.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gatefold::http {

/// A problem document (RFC 9457) with our code and the member it is about.
struct Problem {
    std::string type, title;
    int status = 500;
    std::string detail, code;
    std::optional<std::string> field_name;
    std::string instance;
    static constexpr auto fields =
        fieldList(field("type", &Problem::type), field("title", &Problem::title),
                  field("status", &Problem::status),
                  field("detail", &Problem::detail, "what was wrong, for people"),
                  field("code", &Problem::code, "stable name of the problem"),
                  field("field", &Problem::field_name, "path of the member it is about"),
                  field("instance", &Problem::instance, "path of the request"));
};

/// The one map from error codes to statuses.
int statusOf(ErrorCode code);
/// "Not Found"; for codes that have no name here the class's.
std::string_view reasonOf(int status);
/// The reply for an error; words of `internal` ones stay in the log.
Reply problemReply(const Error& error, std::string_view path);

} // namespace gatefold::http
