#include "vision/image.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace gatefold::vision {

namespace {

constexpr std::string_view head{"Exif\0\0", 6};
constexpr std::size_t entryBytes = 12;
constexpr unsigned orientationTag = 0x0112, shortType = 3;

/// The TIFF file inside the segment: numbers in its own byte order, offsets from its start.
class Tiff {
public:
    explicit Tiff(std::span<const unsigned char> bytes) : bytes_(bytes) {}

    bool begins() {
        const auto mark = number(0, 2);
        little_ = mark == 0x4949U;
        return (little_ || mark == 0x4D4DU) && number(2, 2) == 42U;
    }
    std::optional<std::uint32_t> number(std::size_t offset, std::size_t size) const {
        if (offset > bytes_.size() || bytes_.size() - offset < size)
            return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | bytes_[offset + (little_ ? size - 1 - i : i)];
        return value;
    }

private:
    std::span<const unsigned char> bytes_;
    bool little_ = false;
};

} // namespace

int exifOrientation(std::span<const unsigned char> segment) noexcept {
    if (segment.size() < head.size() ||
        !std::equal(head.begin(), head.end(), reinterpret_cast<const char*>(segment.data())))
        return 1;
    Tiff tiff(segment.subspan(head.size()));
    if (!tiff.begins())
        return 1;
    const std::size_t first = tiff.number(4, 4).value_or(0);
    const std::size_t entries = tiff.number(first, 2).value_or(0);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = first + 2 + i * entryBytes;
        if (tiff.number(at, 2) != orientationTag || tiff.number(at + 2, 2) != shortType)
            continue;
        const auto noted = tiff.number(at + 8, 2).value_or(1);
        return noted >= 1 && noted <= 8 ? static_cast<int>(noted) : 1;
    }
    return 1;
}

} // namespace gatefold::vision
