// The format: sqlite.org/fileformat.html, 4 "The Write-Ahead Log".
#include "store/write_ahead_log.hpp"

#include "os/file_error.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <span>
#include <unistd.h>
#include <vector>

namespace gatefold::store {

namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::size_t headBytes = 32, frameHeadBytes = 24, saltBytes = 8;
constexpr std::uint32_t magic = 0x377F0682; // its lowest bit: the byte order of the sums
constexpr std::uint32_t version = 3007000;
constexpr std::uint32_t minPageBytes = 512, maxPageBytes = 65536;

std::uint32_t bigEndian(Bytes at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
           at[3];
}

std::uint32_t littleEndian(Bytes at) {
    return std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 |
           at[0];
}

/// The running sum over head and frames, of words in the order that the log's magic says.
class Sum {
public:
    explicit Sum(bool big_endian) : word_(big_endian ? bigEndian : littleEndian) {}
    void add(Bytes bytes) {
        for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            first_ += word_(bytes.subspan(at, 4)) + second_;
            second_ += word_(bytes.subspan(at + 4, 4)) + first_;
        }
    }
    bool is(Bytes stored) const {
        return bigEndian(stored) == first_ && bigEndian(stored.subspan(4)) == second_;
    }

private:
    std::uint32_t (*word_)(Bytes);
    std::uint32_t first_ = 0, second_ = 0;
};

/// Bytes from `offset` on; fewer than asked for at the end of the file.
std::vector<unsigned char> read(const os::FileDescriptor& log, std::size_t offset,
                                std::size_t bytes, const std::filesystem::path& name) {
    std::vector<unsigned char> buffer(bytes);
    std::size_t length = 0;
    while (length < bytes) {
        const ssize_t count = ::pread(log.get(), buffer.data() + length, bytes - length,
                                      static_cast<off_t>(offset + length));
        if (count < 0 && errno != EINTR)
            throw os::fileError("cannot read", name, errno);
        if (count == 0)
            break;
        length += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    buffer.resize(length);
    return buffer;
}

bool isHead(Bytes head, std::uint32_t page_bytes) {
    return head.size() == headBytes && (bigEndian(head) & ~1U) == magic &&
           bigEndian(head.subspan(4)) == version && std::has_single_bit(page_bytes) &&
           page_bytes >= minPageBytes && page_bytes <= maxPageBytes;
}

bool holdsOnlyZeros(const os::FileDescriptor& log, const std::filesystem::path& name) {
    constexpr std::size_t piece = 65536;
    for (std::size_t offset = 0;; offset += piece) {
        const auto bytes = read(log, offset, piece, name);
        if (std::ranges::any_of(bytes, [](unsigned char byte) { return byte != 0; }))
            return false;
        if (bytes.size() < piece)
            return true;
    }
}

} // namespace

bool losesCommits(const os::FileDescriptor& log, const std::filesystem::path& name) {
    const auto head = read(log, 0, headBytes, name);
    const std::uint32_t page_bytes =
        head.size() == headBytes ? bigEndian(Bytes(head).subspan(8)) : 0;
    if (!isHead(head, page_bytes))
        return !holdsOnlyZeros(log, name);
    Sum sum((bigEndian(head) & 1U) != 0);
    sum.add(Bytes(head).first(headBytes - 8));
    if (!sum.is(Bytes(head).subspan(headBytes - 8)))
        return true;
    const Bytes salts = Bytes(head).subspan(16, saltBytes);
    bool reached = true, commit_lost = false;
    for (std::size_t offset = headBytes;; offset += frameHeadBytes + page_bytes) {
        const auto frame = read(log, offset, frameHeadBytes + page_bytes, name);
        if (frame.size() < frameHeadBytes + page_bytes)
            return false;
        if (!std::ranges::equal(Bytes(frame).subspan(8, saltBytes), salts)) {
            reached = false; // of an older log, that this one did not overwrite
            continue;
        }
        sum.add(Bytes(frame).first(8));
        sum.add(Bytes(frame).subspan(frameHeadBytes));
        reached = reached && sum.is(Bytes(frame).subspan(16, 8));
        if (!reached && commit_lost)
            return true;
        commit_lost = commit_lost || (!reached && bigEndian(Bytes(frame).subspan(4)) != 0);
    }
}

bool losesCommits(const std::filesystem::path& log) {
    const os::FileDescriptor opened(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
    return opened && !read(opened, 0, 1, log).empty() && losesCommits(opened, log);
}

} // namespace gatefold::store
