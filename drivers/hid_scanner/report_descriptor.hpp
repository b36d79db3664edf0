#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace gatefold::drivers {

/// A HID usage: page in the upper, id in the lower 16 bits, as in extended usage items.
using Usage = std::uint32_t;
constexpr Usage usage(std::uint16_t page, std::uint16_t id) {
    return (static_cast<Usage>(page) << 16) | id;
}
inline constexpr Usage keyboardUsage = usage(0x01, 0x06);
inline constexpr Usage barCodeScannerUsage = usage(0x8C, 0x02);

/// One Input, Output or Feature item: `count` values of `bits` each, from `bit_offset` in its
/// report (the report id byte, where there is one, counts: offsets are into the bytes as they come
/// over USB).
struct ReportField {
    enum class Kind { input, output, feature };
    Kind kind = Kind::input;
    std::uint8_t report_id = 0;
    std::size_t top_level = 0; ///< index into ReportDescriptor::top_level
    bool constant = false;     ///< padding
    bool variable = false;     ///< one usage each value; else an array of usage numbers
    std::uint32_t bit_offset = 0;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;
    std::vector<Usage> usages; ///< usages given one by one; the last one stands for the rest
    std::optional<std::pair<Usage, Usage>> range;

    /// Where the value of `wanted` lies, for a variable field that has it.
    std::optional<std::uint32_t> bitOffsetOf(Usage wanted) const;
    std::uint32_t endBit() const { return bit_offset + bits * count; }
};

/// What a HID report descriptor says (HID 1.11, section 6.2.2), as far as scanners need it.
struct ReportDescriptor {
    std::vector<Usage> top_level; ///< usages of the application collections, in order
    std::vector<ReportField> fields;
    bool uses_report_ids = false;

    bool has(Usage application) const;
    bool hasFeature(std::uint8_t report_id) const;
    /// Bytes of the longest input report.
    std::size_t longestInputReport() const;
};

/// Reads a report descriptor; nothing when it is cut, nested too deep (16), has more than 512
/// fields or a report of more than 4,096 bytes. Bytes are foreign: nothing in them can make this
/// take long.
std::optional<ReportDescriptor> parseReportDescriptor(std::span<const std::uint8_t> bytes);

/// The value of `bits` (1-32) at `bit_offset`, least significant bit first; 0 past the end of the
/// report.
std::uint32_t bitsAt(std::span<const std::uint8_t> report, std::uint32_t bit_offset,
                     std::uint32_t bits);

} // namespace gatefold::drivers
