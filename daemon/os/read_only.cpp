#include "os/read_only.hpp"

#include <sys/statvfs.h>

namespace gatefold::os {

bool isReadOnly(const std::filesystem::path& folder) noexcept {
    struct ::statvfs found {};
    return ::statvfs(folder.c_str(), &found) == 0 && (found.f_flag & ST_RDONLY) != 0;
}

} // namespace gatefold::os
