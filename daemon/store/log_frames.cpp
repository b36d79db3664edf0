#include "store/log_frames.hpp"

#include "os/file_error.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gatefold::store {

namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::size_t headBytes = 32, frameHeadBytes = 24, saltBytes = 8, sumBytes = 8;
constexpr std::uint32_t logMagic = 0x377F0682; // its lowest bit: the byte order of the sums
constexpr std::uint32_t logVersion = 3007000;
constexpr std::uint32_t minPageBytes = 512, maxPageBytes = 65536;

std::uint32_t bigEndian(Bytes at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
           at[3];
}

std::uint32_t littleEndian(Bytes at) {
    return std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 |
           at[0];
}

bool isHead(Bytes head, std::uint32_t page_bytes) {
    return (bigEndian(head) & ~1U) == logMagic && bigEndian(head.subspan(4)) == logVersion &&
           std::has_single_bit(page_bytes) && page_bytes >= minPageBytes &&
           page_bytes <= maxPageBytes;
}

} // namespace

std::optional<std::vector<unsigned char>> tryRead(const os::FileDescriptor& file,
                                                  std::uint64_t offset, std::size_t bytes) {
    std::vector<unsigned char> buffer(bytes);
    std::size_t length = 0;
    while (length < bytes) {
        const ssize_t count = ::pread(file.get(), buffer.data() + length, bytes - length,
                                      static_cast<off_t>(offset + length));
        if (count < 0 && errno != EINTR)
            return std::nullopt;
        if (count == 0)
            break;
        length += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    buffer.resize(length);
    return buffer;
}

void LogFrames::Sum::add(Bytes bytes) {
    for (std::size_t at = 0; at + sumBytes <= bytes.size(); at += sumBytes) {
        first += word(bytes.subspan(at, 4)) + second;
        second += word(bytes.subspan(at + 4, 4)) + first;
    }
}

LogFrames::Sum LogFrames::stored(Bytes at) const {
    return {(bigEndian(head_) & 1U) != 0 ? bigEndian : littleEndian, bigEndian(at),
            bigEndian(at.subspan(4))};
}

LogFrames::LogFrames(const os::FileDescriptor& log, const std::filesystem::path& name)
    : log_(log), offset_(headBytes) {
    auto head = tryRead(log, 0, headBytes);
    if (!head)
        throw os::fileError("cannot read", name, errno);
    head_ = *std::move(head);
    struct ::stat status {};
    if (::fstat(log.get(), &status) != 0)
        throw os::fileError("cannot read", name, errno);
    end_ = static_cast<std::uint64_t>(status.st_size);
    if (head_.size() < headBytes || !isHead(head_, bigEndian(Bytes(head_).subspan(8))))
        return;
    const Sum written = stored(Bytes(head_).subspan(headBytes - sumBytes));
    Sum sum{written.word};
    sum.add(Bytes(head_).first(headBytes - sumBytes));
    if (sum != written)
        return;
    before_ = sum;
    page_bytes_ = bigEndian(Bytes(head_).subspan(8));
}

std::optional<LogFrame> LogFrames::next() {
    const std::size_t bytes = frameHeadBytes + page_bytes_;
    if (!headIsSound() || offset_ + bytes > end_)
        return std::nullopt;
    auto read = tryRead(log_, std::exchange(offset_, offset_ + bytes), bytes);
    const auto before = std::exchange(before_, std::nullopt);
    LogFrame frame;
    if (!read) {
        frame.error = errno;
        return frame;
    }
    frame_ = *std::move(read);
    if (frame_.size() < bytes)
        return std::nullopt;
    const Bytes head = Bytes(frame_).first(frameHeadBytes);
    frame.page = bigEndian(head);
    frame.pages = bigEndian(head.subspan(4));
    frame.bytes = Bytes(frame_).subspan(frameHeadBytes);
    frame.of_log =
        std::ranges::equal(head.subspan(8, saltBytes), Bytes(head_).subspan(16, saltBytes));
    before_ = stored(head.subspan(16));
    if (!frame.of_log || !before)
        return frame;
    Sum sum = *before;
    sum.add(head.first(8));
    sum.add(frame.bytes);
    frame.sound = sum == *before_;
    return frame;
}

} // namespace gatefold::store
