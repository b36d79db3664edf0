#include "core/error.hpp"

#include <utility>

namespace gatefold {

std::string_view name(ErrorCode code) {
    switch (code) {
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::unauthenticated: return "unauthenticated";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::notFound: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::preconditionFailed: return "precondition_failed";
    case ErrorCode::preconditionRequired: return "precondition_required";
    case ErrorCode::tooLarge: return "too_large";
    case ErrorCode::lengthRequired: return "length_required";
    case ErrorCode::methodNotAllowed: return "method_not_allowed";
    case ErrorCode::unsupportedMedia: return "unsupported_media";
    case ErrorCode::rateLimited: return "rate_limited";
    case ErrorCode::noRecord: return "no_record";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::diskFull: return "disk_full";
    case ErrorCode::fileAccess: return "file_access";
    case ErrorCode::configuration: return "configuration";
    case ErrorCode::unusableStore: return "unusable_store";
    case ErrorCode::internal: return "internal";
    }
    return "internal";
}

Error::Error(ErrorCode code, std::string message, std::string field)
    : code_(code), message_(std::move(message)), field_(std::move(field)) {}

} // namespace gatefold
