#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace gatefold {

/// What went wrong, as far as a caller can act on it. HTTP statuses, MQTT replies and exit codes
/// are derived from it.
enum class ErrorCode {
    malformed,       ///< bytes that cannot be read as what they claim to be
    invalid,         ///< read, but its meaning is refused
    unauthenticated, ///< nobody is signed in
    forbidden,       ///< signed in, but not allowed
    notFound,
    conflict,             ///< the state does not allow it (exists already, setup is over, busy)
    preconditionFailed,   ///< somebody else changed it first (If-Match)
    preconditionRequired, ///< an edit without If-Match
    tooLarge,
    lengthRequired,
    methodNotAllowed,
    unsupportedMedia,
    rateLimited,
    noRecord,    ///< the deck has no record on it
    unavailable, ///< an outside service, a device or a helper process does not answer
    diskFull,
    fileAccess, ///< a file or folder cannot be read or written: rights, kind, file system
    configuration,
    unusableStore, ///< the database is damaged, foreign or of a newer version: no restart helps
    internal,
};

/// The code's stable name in documents ("not_found").
std::string_view name(ErrorCode code);

/// The one exception of the house. `field` names the offending member or option, empty when there
/// is none.
class Error : public std::exception {
public:
    Error(ErrorCode code, std::string message, std::string field = {});
    ErrorCode code() const noexcept { return code_; }
    const std::string& message() const noexcept { return message_; }
    const std::string& field() const noexcept { return field_; }
    const char* what() const noexcept override { return message_.c_str(); }

private:
    ErrorCode code_;
    std::string message_;
    std::string field_;
};

} // namespace gatefold
