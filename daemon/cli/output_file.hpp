#pragma once

#include "os/file_descriptor.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace gatefold::cli {

/// A file for output that the caller named, whole or not at all. Opened with the caller's rights,
/// which are kept for it when the command becomes the store's owner afterwards: a process of its
/// own waits with them to give the file its name.
class OutputFile {
public:
    /// Makes missing folders, and removes what a killed command left of a file of that name
    /// (".FILE.gatefold"). What root writes belongs to the owner of its folder. Throws Error
    /// `invalid` for what is there and no regular file, `conflict` when another command writes the
    /// same file, `fileAccess` or `diskFull`.
    OutputFile(const std::filesystem::path& file, mode_t mode);
    /// Leaves nothing behind unless the file was put in place.
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(std::string_view bytes);
    /// Appends the bytes of `file`.
    void copy(const std::filesystem::path& file);
    /// Gives the file its name, on the disk.
    void putInPlace();

private:
    std::filesystem::path file_;
    os::FileDescriptor temporary_;
    os::FileDescriptor command_; ///< to the process with the caller's rights; its end: remove
    os::FileDescriptor answer_;  ///< that it is done, or what went wrong there
    pid_t process_ = -1;
};

} // namespace gatefold::cli
