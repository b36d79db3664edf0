#include "catalogue/key_sorter.hpp"

#include "catalogue/catalogue_files.hpp"
#include "os/file_error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <queue>

namespace gatefold::catalogue {

namespace {

constexpr std::size_t runBufferBytes = 64 * 1024;

constexpr std::size_t prefixBytes = 7;

/// Sorts like the key as far as it goes: its first seven bytes, highest first, then its length, of
/// which 8 means "longer".
std::uint64_t prefixOf(std::string_view key) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data(), std::min(key.size(), prefixBytes));
    word = std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    return word | std::min(key.size(), prefixBytes + 1);
}

/// One sorted run, read front to back from memory or from the spill file.
class RunReader {
public:
    explicit RunReader(std::string_view bytes) : bytes_(bytes) {}
    RunReader(const SpillFile& spill, KeySorter::Run run) : spill_(&spill), run_(run) {}

    /// Moves to the next entry; false at the end.
    bool next() {
        if (bytes_.size() - at_ < 260)
            refill();
        if (at_ == bytes_.size())
            return false;
        const auto length = static_cast<unsigned char>(bytes_[at_]);
        key = bytes_.substr(at_ + 1, length);
        std::memcpy(&value, bytes_.data() + at_ + 1 + length, 4);
        at_ += 5U + length;
        prefix = prefixOf(key);
        return true;
    }
    std::string_view key;
    std::uint32_t value = 0;
    std::uint64_t prefix = 0;

    /// Whether this one's entry comes after the other's.
    bool after(const RunReader& other) const {
        if (prefix != other.prefix)
            return prefix > other.prefix;
        if (key.size() > prefixBytes)
            if (const int order = key.compare(other.key); order != 0)
                return order > 0;
        return value > other.value;
    }

private:
    void refill() {
        if (spill_ == nullptr || run_.length == 0)
            return;
        const std::size_t left = bytes_.size() - at_;
        std::string fresh(left + std::min<std::uint64_t>(run_.length, runBufferBytes), '\0');
        std::memcpy(fresh.data(), bytes_.data() + at_, left);
        spill_->read(run_.offset, fresh.data() + left, fresh.size() - left);
        run_.offset += fresh.size() - left;
        run_.length -= fresh.size() - left;
        buffer_ = std::move(fresh);
        bytes_ = buffer_;
        at_ = 0;
    }

    std::string_view bytes_;
    std::size_t at_ = 0;
    const SpillFile* spill_ = nullptr;
    KeySorter::Run run_;
    std::string buffer_;
};

} // namespace

SpillFile::SpillFile(const std::filesystem::path& folder) {
    fd_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        // File systems without nameless files: a name for one moment.
        std::string name = (folder / ".catalogue-sort-XXXXXX").string();
        fd_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (fd_ >= 0)
            ::unlink(name.c_str());
    }
    if (fd_ < 0)
        throw os::fileError("cannot write into", folder, errno);
}

SpillFile::~SpillFile() {
    ::close(fd_);
}

std::uint64_t SpillFile::append(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t offset = size_;
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw buildError(errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        size_ += static_cast<std::uint64_t>(count);
    }
    return offset;
}

void SpillFile::read(std::uint64_t offset, char* into, std::size_t count) const {
    while (count > 0) {
        const ssize_t got = ::pread(fd_, into, count, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            throw Error(ErrorCode::fileAccess, "cannot read back the sorted keys");
        into += got;
        offset += static_cast<std::uint64_t>(got);
        count -= static_cast<std::size_t>(got);
    }
}

KeySorter::KeySorter(SpillFile& spill, std::size_t maxBytes) : spill_(spill), maxBytes_(maxBytes) {}

void KeySorter::add(std::string_view key, std::uint32_t value) {
    key = key.substr(0, 255);
    // Counted by capacity: a growing vector holds its old and new memory for a moment.
    if (bytes_.size() + entries_.size() * sizeof(Entry) + key.size() + 32 > maxBytes_)
        spill();
    entries_.push_back({prefixOf(key), value, static_cast<std::uint32_t>(bytes_.size())});
    bytes_ += static_cast<char>(key.size());
    bytes_ += key;
    char number[4];
    std::memcpy(number, &value, 4);
    bytes_.append(number, 4);
}

void KeySorter::sort() {
    const auto lengthOf = [this](const Entry& e) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes_[e.offset]));
    };
    const auto keyOf = [&](const Entry& e) {
        return std::string_view(bytes_).substr(e.offset + 1, lengthOf(e));
    };
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
        if (a.prefix != b.prefix)
            return a.prefix < b.prefix;
        if ((a.prefix & 0xFF) > prefixBytes)
            if (const int order = keyOf(a).compare(keyOf(b)); order != 0)
                return order < 0;
        return a.value < b.value;
    });
    std::string sorted;
    sorted.reserve(bytes_.size());
    for (const Entry& e : entries_)
        sorted.append(bytes_, e.offset, 5U + lengthOf(e));
    bytes_ = std::move(sorted);
    entries_.clear();
}

void KeySorter::spill() {
    sort();
    runs_.push_back({spill_.append(bytes_), bytes_.size()});
    bytes_.clear();
}

void KeySorter::finish() {
    sort();
    entries_.shrink_to_fit();
}

void mergeSorted(const std::vector<KeySorter*>& sorters,
                 const std::function<void(std::string_view, std::uint32_t)>& take) {
    std::vector<std::unique_ptr<RunReader>> readers;
    for (const KeySorter* sorter : sorters) {
        readers.push_back(std::make_unique<RunReader>(sorter->bytes_));
        for (const KeySorter::Run& run : sorter->runs_)
            readers.push_back(std::make_unique<RunReader>(sorter->spill_, run));
    }
    const auto after = [](const RunReader* a, const RunReader* b) { return a->after(*b); };
    std::priority_queue<RunReader*, std::vector<RunReader*>, decltype(after)> queue(after);
    for (const auto& reader : readers)
        if (reader->next())
            queue.push(reader.get());
    std::string lastKey;
    std::uint32_t lastValue = 0;
    bool any = false;
    while (!queue.empty()) {
        RunReader* first = queue.top();
        queue.pop();
        do {
            if (!any || first->value != lastValue || first->key != lastKey) {
                take(first->key, first->value);
                lastKey = first->key;
                lastValue = first->value;
                any = true;
            }
            if (!first->next()) {
                first = nullptr;
                break;
            }
        } while (queue.empty() || !first->after(*queue.top()));
        if (first != nullptr)
            queue.push(first);
    }
}

} // namespace gatefold::catalogue
