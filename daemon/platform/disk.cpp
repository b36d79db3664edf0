#include "platform/disk.hpp"

#include "core/error.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

namespace gatefold::platform {

std::uint64_t freeBytes(const std::filesystem::path& folder) {
    struct statvfs found {};
    if (::statvfs(folder.c_str(), &found) != 0)
        throw Error(ErrorCode::fileAccess, "cannot ask for free space in " + folder.string() +
                                               ": " + std::generic_category().message(errno));
    return std::uint64_t{found.f_bavail} * found.f_frsize;
}

} // namespace gatefold::platform
