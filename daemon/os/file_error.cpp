#include "os/file_error.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace gatefold::os {

Error fileError(std::string_view what, const std::filesystem::path& file, int code) {
    const bool disk = code == ENOSPC || code == EDQUOT || code == EIO;
    return {disk             ? ErrorCode::diskFull
            : code == ENOENT ? ErrorCode::notFound
                             : ErrorCode::fileAccess,
            std::string(what) + " " + file.string() + ": " + std::generic_category().message(code)};
}

Error fileError(const std::filesystem::filesystem_error& error) {
    return fileError("cannot access", error.path1(), error.code().value());
}

} // namespace gatefold::os
