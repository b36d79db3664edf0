#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Nameless file for sorted runs: gone when the process is, so it never becomes litter. Appending
/// is safe from several threads.
class SpillFile {
public:
    /// In `folder`, which needs room for it. Throws Error `diskFull`, `forbidden` or `fileAccess`.
    explicit SpillFile(const std::filesystem::path& folder);
    ~SpillFile();
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;

    /// Where the bytes were put. Throws Error `diskFull` or `fileAccess`.
    std::uint64_t append(std::string_view bytes);
    void read(std::uint64_t offset, char* into, std::size_t count) const;

private:
    int fd_ = -1;
    std::mutex mutex_;
    std::uint64_t size_ = 0;
};

/// Takes keys with a number each in any order and gives them back sorted, in bounded memory: full
/// runs go to the spill file. Filling is one thread's; `mergeSorted` reads the runs of several
/// sorters.
class KeySorter {
public:
    /// At most about `maxBytes` of memory.
    KeySorter(SpillFile& spill, std::size_t maxBytes);

    /// `key` has at most 255 bytes.
    void add(std::string_view key, std::uint32_t value);
    /// Sorts what is in memory; to be called once, after the last `add`.
    void finish();

    struct Run {
        std::uint64_t offset = 0, length = 0; ///< in the spill file
    };

private:
    friend void mergeSorted(const std::vector<KeySorter*>&,
                            const std::function<void(std::string_view, std::uint32_t)>&);
    struct Entry {
        /// The key's first seven bytes and its length as far as eight: what is no longer than seven
        /// bytes is compared without a look at the key.
        std::uint64_t prefix;
        std::uint32_t value;
        std::uint32_t offset; ///< in `bytes_`: length, key, value
    };
    void sort();
    void spill();

    SpillFile& spill_;
    std::size_t maxBytes_;
    std::string bytes_;
    std::vector<Entry> entries_;
    std::vector<Run> runs_;
};

/// Calls `take` for every entry of all sorters by key, then value; equal entries once.
void mergeSorted(const std::vector<KeySorter*>& sorters,
                 const std::function<void(std::string_view, std::uint32_t)>& take);

} // namespace gatefold::catalogue
