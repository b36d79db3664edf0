#pragma once

#include "os/file_descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace gatefold::store {

/// Bytes from `offset` on, fewer than asked for at the end of the file; nothing where they cannot
/// be read (errno).
std::optional<std::vector<unsigned char>> tryRead(const os::FileDescriptor& file,
                                                  std::uint64_t offset, std::size_t bytes);

/// What one frame of a log makes of a page of the database.
struct LogFrame {
    int error = 0;           ///< errno where it cannot be read: then nothing is known of it
    bool of_log = false;     ///< an older log, which this one did not overwrite, has other salts
    bool sound = false;      ///< of this log, and its sum continues that of the frame before
    std::uint32_t page = 0;  ///< the first one is 1
    std::uint32_t pages = 0; ///< of the database after this commit; 0 within one
    std::span<const unsigned char> bytes; ///< of the page; valid until the next frame is read
};

/// Reads the frames of a write-ahead log one by one (sqlite.org/fileformat.html, 4).
class LogFrames {
public:
    /// Reads the head. Throws Error as os::fileError, naming the file `name`.
    LogFrames(const os::FileDescriptor& log, const std::filesystem::path& name);

    /// Whether the log begins as one, and its sum is right. Without it there are no frames.
    bool headIsSound() const noexcept { return page_bytes_ != 0; }
    std::uint32_t pageBytes() const noexcept { return page_bytes_; }

    /// Nothing behind the last whole frame, as long as the file was when its head was read.
    std::optional<LogFrame> next();

private:
    using Word = std::uint32_t (*)(std::span<const unsigned char>);
    /// The running sum over head and frames, of words in the order that the log's magic says.
    struct Sum {
        Word word;
        std::uint32_t first = 0, second = 0;
        void add(std::span<const unsigned char> bytes);
        bool operator==(const Sum&) const = default;
    };
    Sum stored(std::span<const unsigned char> at) const;

    const os::FileDescriptor& log_;
    std::vector<unsigned char> head_, frame_;
    std::uint32_t page_bytes_ = 0;
    std::uint64_t offset_ = 0, end_ = 0;
    std::optional<Sum> before_; ///< as the frame before says; nothing where it cannot be read
};

} // namespace gatefold::store
