#include "os/file_error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace gatefold::os {

ErrorCode fileErrorCode(int code) {
    switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO: return ErrorCode::diskFull;
    case ENOENT: return ErrorCode::notFound;
    default: return ErrorCode::fileAccess;
    }
}

Error fileError(std::string_view what, const std::filesystem::path& file, int code) {
    return {fileErrorCode(code),
            std::string(what) + " " + file.string() + ": " + std::generic_category().message(code)};
}

Error fileError(const std::filesystem::filesystem_error& error) {
    return fileError("cannot access", error.path1(), error.code().value());
}

} // namespace gatefold::os
