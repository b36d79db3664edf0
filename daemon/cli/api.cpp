#include "cli/api.hpp"

#include "core/error.hpp"

namespace gatefold::cli {

namespace {

ErrorCode codeOf(int status) {
    switch (status) {
    case 404: return ErrorCode::notFound;
    case 409: return ErrorCode::conflict;
    case 503: return ErrorCode::unavailable;
    case 507: return ErrorCode::diskFull;
    default: return status >= 500 ? ErrorCode::internal : ErrorCode::invalid;
    }
}

[[noreturn]] void throwProblem(const ApiReply& reply) {
    std::string words = "the daemon answered " + std::to_string(reply.status);
    std::string field;
    try {
        const json::Value problem = json::parse(reply.body);
        if (const auto* detail = problem.find("detail"); detail && detail->string())
            words = *detail->string();
        if (const auto* name = problem.find("field"); name && name->string())
            field = *name->string();
    } catch (const Error&) {
        // Not a problem document: the status has to do.
    }
    throw Error(codeOf(reply.status), words, field);
}

} // namespace

json::Value Api::ask(std::string_view method, std::string_view target, std::string_view body,
                     std::string_view if_match) {
    const ApiReply reply = call(method, target, body, if_match);
    if (reply.status >= 400)
        throwProblem(reply);
    return reply.body.empty() ? json::Value(json::Object{})
                              : json::parse(reply.body, {.max_bytes = 64U << 20});
}

std::string Api::fetch(std::string_view target) {
    ApiReply reply = call("GET", target, {}, {});
    if (reply.status >= 400)
        throwProblem(reply);
    return std::move(reply.body);
}

} // namespace gatefold::cli
