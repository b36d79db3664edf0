#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace gatefold::catalogue {

/// A dump's bytes, unpacked: a file or standard input ("-"), plain or gzip (several members too),
/// told apart by the first bytes. Every gzip member's CRC and length are checked. One thread.
class ByteSource {
public:
    /// Throws Error `notFound` or `forbidden` when it cannot be opened, `malformed` when it is
    /// empty.
    explicit ByteSource(const std::filesystem::path& path);
    ~ByteSource();
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    /// Fills `room` as far as the source reaches; 0 = its whole end. Throws Error `malformed` for
    /// damaged or cut-off gzip data and `fileAccess` when reading fails.
    std::size_t read(std::span<char> room);
    /// Bytes read from the file, packed; callable from any thread.
    std::uint64_t packedRead() const;
    /// Size of the file, 0 when it is a stream.
    std::uint64_t packedTotal() const { return total_; }

private:
    struct Inflater;
    std::size_t fill();
    std::size_t inflate(std::span<char> room);

    std::string name_;
    int fd_ = -1;
    bool ownsFd_ = false;
    std::uint64_t total_ = 0;
    std::unique_ptr<Inflater> inflater_;
};

} // namespace gatefold::catalogue
