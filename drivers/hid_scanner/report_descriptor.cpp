#include "drivers/hid_scanner/report_descriptor.hpp"

#include <algorithm>
#include <map>

namespace gatefold::drivers {

namespace {

constexpr std::size_t maxDepth = 16;
constexpr std::size_t maxFields = 512;
constexpr std::size_t maxUsages = 256;
constexpr std::uint32_t maxReportBits = 4096 * 8;

/// Item tags with their type, the size bits cleared (HID 1.11, 6.2.2.4 to 6.2.2.8).
enum Tag : std::uint8_t {
    tagInput = 0x80,
    tagOutput = 0x90,
    tagFeature = 0xB0,
    tagCollection = 0xA0,
    tagEndCollection = 0xC0,
    tagUsagePage = 0x04,
    tagReportSize = 0x74,
    tagReportId = 0x84,
    tagReportCount = 0x94,
    tagPush = 0xA4,
    tagPop = 0xB4,
    tagUsage = 0x08,
    tagUsageMinimum = 0x18,
    tagUsageMaximum = 0x28,
};
constexpr std::uint8_t longItem = 0xFE;
constexpr std::uint32_t applicationCollection = 1;

struct Item {
    std::uint8_t tag;
    std::uint32_t value;
    std::size_t size;
};

class Parser {
public:
    std::optional<ReportDescriptor> parse(std::span<const std::uint8_t> bytes) {
        while (!bytes.empty()) {
            if (bytes[0] == longItem) {
                if (bytes.size() < 3 || bytes.size() < std::size_t{3} + bytes[1])
                    return std::nullopt;
                bytes = bytes.subspan(std::size_t{3} + bytes[1]);
                continue;
            }
            const std::size_t size = (bytes[0] & 3) == 3 ? 4 : bytes[0] & 3;
            if (bytes.size() < 1 + size)
                return std::nullopt;
            Item item{static_cast<std::uint8_t>(bytes[0] & 0xFC), 0, size};
            for (std::size_t i = 0; i < size; ++i)
                item.value |= static_cast<std::uint32_t>(bytes[1 + i]) << (8 * i);
            if (!take(item))
                return std::nullopt;
            bytes = bytes.subspan(1 + size);
        }
        if (depth_ != 0)
            return std::nullopt;
        return std::move(result_);
    }

private:
    struct Globals {
        std::uint16_t page = 0;
        std::uint32_t bits = 0;
        std::uint32_t count = 0;
        std::uint8_t report_id = 0;
    };

    bool take(const Item& item) {
        switch (item.tag) {
        case tagInput: return addField(ReportField::Kind::input, item.value);
        case tagOutput: return addField(ReportField::Kind::output, item.value);
        case tagFeature: return addField(ReportField::Kind::feature, item.value);
        case tagCollection: return openCollection(item.value);
        case tagEndCollection: return closeCollection();
        case tagPush:
            if (stack_.size() >= maxDepth)
                return false;
            stack_.push_back(globals_);
            return true;
        case tagPop:
            if (stack_.empty())
                return false;
            globals_ = stack_.back();
            stack_.pop_back();
            return true;
        case tagUsage:
            if (usages_.size() >= maxUsages)
                return false;
            usages_.push_back(fullUsage(item));
            return true;
        case tagUsageMinimum: minimum_ = fullUsage(item); return true;
        case tagUsageMaximum: maximum_ = fullUsage(item); return true;
        default: return takeGlobal(item);
        }
    }

    bool takeGlobal(const Item& item) {
        switch (item.tag) {
        case tagUsagePage: globals_.page = static_cast<std::uint16_t>(item.value); return true;
        case tagReportSize: globals_.bits = item.value; return item.value <= maxReportBits;
        case tagReportCount: globals_.count = item.value; return item.value <= maxReportBits;
        case tagReportId:
            if (item.value == 0 || item.value > 0xFF)
                return false;
            globals_.report_id = static_cast<std::uint8_t>(item.value);
            result_.uses_report_ids = true;
            return true;
        default:
            return true; // limits, units, designators and strings tell nothing about where data
                         // lies
        }
    }

    Usage fullUsage(const Item& item) const {
        return item.size == 4 ? item.value
                              : usage(globals_.page, static_cast<std::uint16_t>(item.value));
    }

    bool openCollection(std::uint32_t type) {
        if (++depth_ > maxDepth)
            return false;
        if (depth_ == 1 && type == applicationCollection)
            result_.top_level.push_back(usages_.empty() ? 0 : usages_.front());
        clearLocals();
        return true;
    }

    bool closeCollection() {
        if (depth_ == 0)
            return false;
        --depth_;
        clearLocals();
        return true;
    }

    bool addField(ReportField::Kind kind, std::uint32_t flags) {
        if (result_.fields.size() >= maxFields)
            return false;
        std::uint32_t& next = next_bit_[{kind, globals_.report_id}];
        if (next == 0 && globals_.report_id != 0)
            next = 8;
        const std::uint64_t length = std::uint64_t{globals_.bits} * globals_.count;
        if (next + length > maxReportBits)
            return false;
        ReportField field;
        field.kind = kind;
        field.report_id = globals_.report_id;
        field.top_level = result_.top_level.empty() ? 0 : result_.top_level.size() - 1;
        field.constant = (flags & 1) != 0;
        field.variable = (flags & 2) != 0;
        field.bit_offset = next;
        field.bits = globals_.bits;
        field.count = globals_.count;
        field.usages = std::move(usages_);
        if (minimum_ && maximum_ && *minimum_ <= *maximum_)
            field.range = {*minimum_, *maximum_};
        next += static_cast<std::uint32_t>(length);
        result_.fields.push_back(std::move(field));
        clearLocals();
        return true;
    }

    void clearLocals() {
        usages_.clear();
        minimum_.reset();
        maximum_.reset();
    }

    ReportDescriptor result_;
    Globals globals_;
    std::vector<Globals> stack_;
    std::size_t depth_ = 0;
    std::vector<Usage> usages_;
    std::optional<Usage> minimum_, maximum_;
    std::map<std::pair<ReportField::Kind, std::uint8_t>, std::uint32_t> next_bit_;
};

} // namespace

std::optional<std::uint32_t> ReportField::bitOffsetOf(Usage wanted) const {
    if (!variable || constant || count == 0)
        return std::nullopt;
    if (const auto found = std::find(usages.begin(), usages.end(), wanted); found != usages.end()) {
        const auto index = static_cast<std::uint32_t>(found - usages.begin());
        return index < count ? std::optional(bit_offset + index * bits) : std::nullopt;
    }
    if (range && wanted >= range->first && wanted <= range->second && wanted - range->first < count)
        return bit_offset + (wanted - range->first) * bits;
    return std::nullopt;
}

bool ReportDescriptor::has(Usage application) const {
    return std::find(top_level.begin(), top_level.end(), application) != top_level.end();
}

bool ReportDescriptor::hasFeature(std::uint8_t report_id) const {
    return std::any_of(fields.begin(), fields.end(), [&](const ReportField& field) {
        return field.kind == ReportField::Kind::feature && field.report_id == report_id;
    });
}

std::size_t ReportDescriptor::longestInputReport() const {
    std::uint32_t longest = 0;
    for (const ReportField& field : fields)
        if (field.kind == ReportField::Kind::input)
            longest = std::max(longest, field.endBit());
    return (longest + 7) / 8;
}

std::optional<ReportDescriptor> parseReportDescriptor(std::span<const std::uint8_t> bytes) {
    return Parser().parse(bytes);
}

std::uint32_t bitsAt(std::span<const std::uint8_t> report, std::uint32_t bit_offset,
                     std::uint32_t bits) {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < std::min(bits, 32U); ++i) {
        const std::uint32_t bit = bit_offset + i;
        if (bit / 8 < report.size() && ((report[bit / 8] >> (bit % 8)) & 1) != 0)
            value |= std::uint32_t{1} << i;
    }
    return value;
}

} // namespace gatefold::drivers
