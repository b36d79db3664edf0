#pragma once

#include "catalogue/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// A record of the dump that was left out, and why.
struct SkippedRelease {
    std::uint64_t offset = 0;     ///< of its first byte in the unpacked dump
    std::uint32_t release_id = 0; ///< 0 = not known
    std::string reason;
};

/// A growing stretch of bytes that is not cleared when it grows.
class ByteBuffer {
public:
    char* data() { return bytes_.get(); }
    std::string_view view() const { return {bytes_.get(), size}; }
    std::size_t capacity() const { return capacity_; }
    /// Makes room for `capacity` bytes; what is there stays.
    void reserve(std::size_t capacity);
    std::size_t size = 0;

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
};

/// Whole records in one stretch of the unpacked dump.
struct DumpBatch {
    struct Element {
        std::size_t begin = 0, length = 0; ///< in `bytes`
        std::uint32_t id = 0;              ///< 0 = not found in the start tag
    };
    ByteBuffer bytes;
    std::uint64_t offset = 0; ///< of `bytes` in the unpacked dump
    std::vector<Element> elements;
    std::vector<SkippedRelease> skipped;

    std::string_view view(const Element& element) const {
        return bytes.view().substr(element.begin, element.length);
    }
    void clear();
};

/// Which of the four dumps, by the names of its tags.
struct DumpKind {
    std::string_view root, element;
};
inline constexpr DumpKind releasesDump{"releases", "release"}, mastersDump{"masters", "master"};

/// Cuts a dump into its records. Memory is bounded whatever the dump holds: a record may have 16
/// MiB. One thread.
class DumpReader {
public:
    static constexpr std::size_t batchBytes = 1024 * 1024;
    static constexpr std::size_t maxElementBytes = 16 * 1024 * 1024;

    explicit DumpReader(ByteSource& source, DumpKind kind = releasesDump)
        : source_(source), kind_(kind) {}

    /// Puts the next records into `batch`, reusing its memory; false after the dump's end. Throws
    /// Error `malformed` when this is no dump of that kind or it is not whole, beside what
    /// ByteSource throws.
    bool next(DumpBatch& batch);
    /// Unpacked bytes seen.
    std::uint64_t bytesRead() const { return bytesRead_; }

private:
    enum class Place { prolog, inside, discarding, after };

    bool refill(ByteBuffer& bytes);
    bool step(DumpBatch& batch);
    bool readProlog(std::string_view rest);
    bool readElement(DumpBatch& batch, std::string_view rest);
    bool skipOversized(DumpBatch& batch, std::string_view rest);
    bool skipJunk(DumpBatch& batch, std::string_view rest);
    void addElement(DumpBatch& batch, std::size_t length);
    bool firstSeen(std::uint32_t id);
    bool opensElement(std::string_view text) const;
    bool closesRoot(std::string_view text) const;
    [[noreturn]] void failForeign(std::string_view rest) const;

    ByteSource& source_;
    DumpKind kind_;
    ByteBuffer tail_;
    std::vector<bool> seen_; ///< release ids, to tell a repeated one
    Place place_ = Place::prolog;
    std::size_t at_ = 0;       ///< in the batch's bytes
    std::size_t searched_ = 0; ///< bytes of the present element that hold no end
    std::uint64_t offset_ = 0; ///< of the next batch
    std::uint64_t bytesRead_ = 0;
    bool sourceEnded_ = false;
};

} // namespace gatefold::catalogue
