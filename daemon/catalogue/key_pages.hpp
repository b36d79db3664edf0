#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold::catalogue {

/// Cuts a sorted list of (key, number) into pages for the catalogue file. On a page a key costs
/// what differs from the one before, a number its distance to the one before: three to nine bytes
/// an entry instead of SQLite's twenty.
class KeyPageWriter {
public:
    /// Just under an eighth of what a 32 KiB SQLite page holds, so that pages leave no gaps.
    static constexpr std::size_t pageBytes = 4040;
    using Sink = std::function<void(std::string_view firstKey, std::string_view page)>;

    explicit KeyPageWriter(Sink sink) : sink_(std::move(sink)) {}
    /// Entries come sorted by key, then number.
    void add(std::string_view key, std::uint32_t value);
    void finish();

private:
    void closeGroup();
    void closePage();

    Sink sink_;
    std::string page_, first_, previous_, key_;
    std::vector<std::uint32_t> values_;
    std::size_t groupBytes_ = 0;
    bool open_ = false;
};

/// Calls `take(key, value)` for each entry of a page until it returns false; false when it did.
/// Throws Error `unavailable` for a damaged page.
bool readKeyPage(
    std::string_view page,
    const std::function<bool(std::string_view, const std::vector<std::uint32_t>&)>& take);

/// The first number of a page's first key. Throws Error `unavailable` for a damaged page.
std::uint32_t firstOnKeyPage(std::string_view page);

} // namespace gatefold::catalogue
