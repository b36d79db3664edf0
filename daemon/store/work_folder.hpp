#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>
#include <optional>

namespace gatefold::store {

/// A new folder for temporary files that only this user may enter, gone with all that is in it at
/// the end of its scope. Lies where TMPDIR says; where this user may not write there, or it is on a
/// read-only file system, in /tmp or in memory (/dev/shm).
class WorkFolder {
public:
    /// Removes those of this user that killed commands left. Throws Error `fileAccess`, `diskFull`.
    WorkFolder();
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
    std::optional<os::FileDescriptor> lock_;
};

} // namespace gatefold::store
