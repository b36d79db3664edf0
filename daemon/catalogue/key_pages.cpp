#include "catalogue/key_pages.hpp"

#include "catalogue/bytes.hpp"

#include <algorithm>
#include <limits>

namespace gatefold::catalogue {

void KeyPageWriter::add(std::string_view key, std::uint32_t value) {
    const bool fits = page_.size() + groupBytes_ < pageBytes;
    if (open_ && (key != key_ || !fits)) {
        closeGroup();
        if (!fits || page_.size() + key.size() + 8 > pageBytes)
            closePage();
    }
    if (!open_) {
        key_ = key;
        open_ = true;
        groupBytes_ = key.size() + 8;
    }
    const std::uint32_t distance = values_.empty() ? value : value - values_.back();
    groupBytes_ += distance < 0x80 ? 1 : distance < 0x4000 ? 2 : distance < 0x200000 ? 3 : 5;
    values_.push_back(value);
}

void KeyPageWriter::closeGroup() {
    if (page_.empty()) {
        first_ = key_;
        previous_.clear();
    }
    const auto limit = std::min(previous_.size(), key_.size());
    const auto shared = static_cast<std::size_t>(
        std::mismatch(key_.begin(), key_.begin() + static_cast<std::ptrdiff_t>(limit),
                      previous_.begin())
            .first -
        key_.begin());
    putNumber(page_, shared);
    putText(page_, std::string_view(key_).substr(shared));
    putNumber(page_, values_.size());
    std::uint32_t before = 0;
    for (const std::uint32_t value : values_) {
        putNumber(page_, value - before);
        before = value;
    }
    previous_ = key_;
    values_.clear();
    groupBytes_ = 0;
    open_ = false;
}

void KeyPageWriter::closePage() {
    if (!page_.empty())
        sink_(first_, page_);
    page_.clear();
}

void KeyPageWriter::finish() {
    if (open_)
        closeGroup();
    closePage();
}

bool readKeyPage(
    std::string_view page,
    const std::function<bool(std::string_view, const std::vector<std::uint32_t>&)>& take) {
    BytesReader reader(page);
    std::string key;
    std::vector<std::uint32_t> values;
    while (!reader.atEnd()) {
        const std::uint64_t shared = reader.number();
        if (shared > key.size())
            BytesReader::fail();
        key.resize(shared);
        key += reader.text();
        values.clear();
        std::uint64_t value = 0;
        std::uint64_t left = reader.number();
        if (left == 0)
            BytesReader::fail(); // no key is without an entry
        for (; left > 0; --left) {
            value += reader.number();
            if (value > std::numeric_limits<std::uint32_t>::max())
                BytesReader::fail();
            values.push_back(static_cast<std::uint32_t>(value));
        }
        if (!take(key, values))
            return false;
    }
    return true;
}

std::uint32_t firstOnKeyPage(std::string_view page) {
    BytesReader reader(page);
    reader.number(); // nothing is shared with a key before
    reader.text();
    reader.number(); // how many
    const std::uint64_t value = reader.number();
    if (value > std::numeric_limits<std::uint32_t>::max())
        BytesReader::fail();
    return static_cast<std::uint32_t>(value);
}

} // namespace gatefold::catalogue
