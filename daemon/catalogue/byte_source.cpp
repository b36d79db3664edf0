#include "catalogue/byte_source.hpp"

#include "core/error.hpp"
#include "os/file_error.hpp"

#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

namespace gatefold::catalogue {

struct ByteSource::Inflater {
    inflate_state state{};
    std::vector<char> packed = std::vector<char>(256 * 1024);
    std::size_t begin = 0, end = 0; ///< unread part of `packed`
    std::atomic<std::uint64_t> packedRead{0};
    bool gzip = false;
    bool inMember = false;
    bool atEnd = false;
    bool hadMember = false;
};

namespace {

constexpr unsigned char gzipMagic[2] = {0x1F, 0x8B};
constexpr std::size_t handBack = 16;

} // namespace

ByteSource::ByteSource(const std::filesystem::path& path)
    : name_(path == "-" ? "standard input" : path.string()) {
    inflater_ = std::make_unique<Inflater>();
    if (path == "-") {
        fd_ = STDIN_FILENO;
    } else {
        fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd_ < 0)
            throw os::fileError("cannot read", name_, errno);
        ownsFd_ = true;
    }
    struct stat status {};
    if (::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) {
        total_ = static_cast<std::uint64_t>(status.st_size);
        ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    Inflater& in = *inflater_;
    try {
        while (in.end < 2 && fill() > 0)
            continue;
        if (in.end == 0)
            throw Error(ErrorCode::malformed, name_ + " is empty");
    } catch (...) {
        if (ownsFd_)
            ::close(fd_);
        throw;
    }
    in.gzip = in.end >= 2 && std::memcmp(in.packed.data(), gzipMagic, 2) == 0;
}

ByteSource::~ByteSource() {
    if (ownsFd_)
        ::close(fd_);
}

std::uint64_t ByteSource::packedRead() const {
    return inflater_->packedRead.load(std::memory_order_relaxed);
}

/// Reads more packed bytes behind the unread ones; 0 at the end of the file.
std::size_t ByteSource::fill() {
    Inflater& in = *inflater_;
    if (in.atEnd)
        return 0;
    // The last bytes read stay in front: at a member's end the inflater hands back up to eight that
    // it had taken too many.
    const std::size_t drop = in.begin - std::min(in.begin, handBack);
    if (drop > 0) {
        std::memmove(in.packed.data(), in.packed.data() + drop, in.end - drop);
        in.begin -= drop;
        in.end -= drop;
    }
    for (;;) {
        const ssize_t count = ::read(fd_, in.packed.data() + in.end, in.packed.size() - in.end);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw os::fileError("cannot read", name_, errno);
        in.atEnd = count == 0;
        in.end += static_cast<std::size_t>(count);
        in.packedRead += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }
}

std::size_t ByteSource::inflate(std::span<char> room) {
    Inflater& in = *inflater_;
    std::size_t done = 0;
    while (done < room.size()) {
        const bool dry = in.begin == in.end && fill() == 0;
        if (dry && !in.inMember)
            return done;
        if (!in.inMember) {
            // Padding with zeros behind the last member is what tapes and some downloaders leave.
            while (in.hadMember && in.begin < in.end && in.packed[in.begin] == 0)
                ++in.begin;
            if (in.begin == in.end)
                continue;
            isal_inflate_init(&in.state);
            in.state.crc_flag = ISAL_GZIP;
            in.inMember = true;
        }
        in.state.next_in = reinterpret_cast<std::uint8_t*>(in.packed.data() + in.begin);
        in.state.avail_in = static_cast<std::uint32_t>(in.end - in.begin);
        in.state.next_out = reinterpret_cast<std::uint8_t*>(room.data() + done);
        in.state.avail_out = static_cast<std::uint32_t>(room.size() - done);
        const int result = isal_inflate(&in.state);
        in.begin = in.end - in.state.avail_in;
        const std::size_t before = done;
        done = room.size() - in.state.avail_out;
        if (result != ISAL_DECOMP_OK)
            throw Error(ErrorCode::malformed,
                        name_ + (result == ISAL_INCORRECT_CHECKSUM
                                     ? " is damaged: a checksum of its compressed data is wrong"
                                     : " is damaged: its compressed data cannot be read"));
        if (in.state.block_state == ISAL_BLOCK_FINISH) {
            in.inMember = false;
            in.hadMember = true;
        } else if (dry && done == before) {
            throw Error(ErrorCode::malformed,
                        name_ + " is cut off: its compressed data end too early");
        }
    }
    return done;
}

std::size_t ByteSource::read(std::span<char> room) {
    Inflater& in = *inflater_;
    if (in.gzip)
        return inflate(room);
    std::size_t done = 0;
    while (done < room.size()) {
        if (in.begin == in.end && fill() == 0)
            break;
        const std::size_t count = std::min(in.end - in.begin, room.size() - done);
        std::memcpy(room.data() + done, in.packed.data() + in.begin, count);
        in.begin += count;
        done += count;
    }
    return done;
}

} // namespace gatefold::catalogue
