#include "http/problem.hpp"

#include "core/retry_later.hpp"
#include "core/text.hpp"
#include "json/write.hpp"

#include <array>

namespace gatefold::http {

namespace {

struct StatusName {
    int status;
    std::string_view reason;
};

constexpr std::array statusNames{
    StatusName{200, "OK"},
    StatusName{201, "Created"},
    StatusName{202, "Accepted"},
    StatusName{204, "No Content"},
    StatusName{304, "Not Modified"},
    StatusName{400, "Bad Request"},
    StatusName{401, "Unauthorized"},
    StatusName{403, "Forbidden"},
    StatusName{404, "Not Found"},
    StatusName{405, "Method Not Allowed"},
    StatusName{409, "Conflict"},
    StatusName{411, "Length Required"},
    StatusName{412, "Precondition Failed"},
    StatusName{413, "Content Too Large"},
    StatusName{415, "Unsupported Media Type"},
    StatusName{422, "Unprocessable Content"},
    StatusName{428, "Precondition Required"},
    StatusName{429, "Too Many Requests"},
    StatusName{500, "Internal Server Error"},
    StatusName{503, "Service Unavailable"},
    StatusName{507, "Insufficient Storage"},
};

} // namespace

int statusOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::malformed: return 400;
    case ErrorCode::invalid: return 422;
    case ErrorCode::unauthenticated: return 401;
    case ErrorCode::forbidden: return 403;
    case ErrorCode::notFound: return 404;
    case ErrorCode::conflict:
    case ErrorCode::noRecord: return 409;
    case ErrorCode::preconditionFailed: return 412;
    case ErrorCode::preconditionRequired: return 428;
    case ErrorCode::tooLarge: return 413;
    case ErrorCode::lengthRequired: return 411;
    case ErrorCode::methodNotAllowed: return 405;
    case ErrorCode::unsupportedMedia: return 415;
    case ErrorCode::rateLimited: return 429;
    case ErrorCode::unavailable:
    case ErrorCode::fileAccess: return 503;
    case ErrorCode::diskFull: return 507;
    case ErrorCode::configuration:
    case ErrorCode::unusableStore:
    case ErrorCode::internal: return 500;
    }
    return 500;
}

std::string_view reasonOf(int status) {
    for (const StatusName& entry : statusNames)
        if (entry.status == status)
            return entry.reason;
    return status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error";
}

Reply problemReply(const Error& error, std::string_view path) {
    Problem problem;
    problem.type = "about:blank";
    problem.status = statusOf(error.code());
    problem.title = reasonOf(problem.status);
    problem.code = name(error.code());
    problem.detail = error.code() == ErrorCode::internal
                         ? "Something went wrong inside the box; its log says what."
                         : error.message();
    if (!error.field().empty())
        problem.field_name = error.field();
    problem.instance = shortened(path, 200);

    Reply reply;
    reply.status = problem.status;
    reply.media = "application/problem+json";
    reply.body = json::write(problem);
    if (problem.status == 401)
        reply.with("WWW-Authenticate", "Bearer realm=\"gatefold\"");
    if (const auto* later = dynamic_cast<const RetryLater*>(&error))
        reply.with("Retry-After", std::to_string(later->after().count()));
    return reply;
}

} // namespace gatefold::http
