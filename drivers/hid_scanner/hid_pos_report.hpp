#pragma once

#include "core/gtin.hpp"
#include "core/time.hpp"
#include "drivers/hid_scanner/report_descriptor.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// A finished code of a scanner that sends text.
struct TextCode {
    std::string bytes;
    Symbology symbology = Symbology::unknown;
    bool lost_separators = false; ///< a GS1 code from which the keyboard mode dropped them
    bool operator==(const TextCode&) const = default;
};

/// Where a scanned-data report of a HID-POS scanner holds what (HID Point of Sale Usage
/// Tables 1.02); offsets in bytes.
struct HidPosFormat {
    std::uint8_t report_id = 0; ///< 0: reports have no id byte
    std::size_t data = 0, data_size = 0;
    std::optional<std::size_t>
        length; ///< a byte that counts the data; without it data ends at the first NUL
    std::optional<std::size_t> aim;       ///< three bytes
    std::optional<std::size_t> vendor_id; ///< Honeywell's code letter
    std::optional<std::uint32_t> continued_bit;
};

/// The scanned-data reports that a descriptor declares; empty when it is none of a bar code
/// scanner.
std::vector<HidPosFormat> hidPosFormats(const ReportDescriptor& descriptor);
/// "Simple COM port emulation": byte 0 counts, the data follows, `size` bytes in all.
HidPosFormat lengthPrefixedFormat(std::size_t size);

/// Puts the reports of one HID-POS interface together.
class HidPosAssembler {
public:
    /// Silence after which a code is whole although its last report said "continued": firmware
    /// exists that says so in every full report.
    static constexpr Millis idleGap{500};

    explicit HidPosAssembler(std::vector<HidPosFormat> formats, bool honeywell_ids = false);

    /// Reads one report; the code, when it is whole with it. A report of another kind or too short
    /// is ignored.
    std::optional<TextCode> read(std::span<const std::uint8_t> report, MonoTime now);
    /// When idle() has to be called, if a code is open.
    std::optional<MonoTime> deadline() const;
    /// The open code, when `now` is at or past the deadline.
    std::optional<TextCode> idle(MonoTime now);
    /// Drops an open code.
    void reset();
    /// Reports that could not be read so far.
    std::size_t undecodable() const { return undecodable_; }

private:
    const HidPosFormat* formatOf(std::span<const std::uint8_t> report) const;
    void begin(const HidPosFormat& format, std::span<const std::uint8_t> report);
    std::optional<TextCode> finish();

    std::vector<HidPosFormat> formats_;
    bool honeywell_ids_;
    bool open_ = false;
    std::string bytes_;
    std::string aim_;
    char vendor_id_ = 0;
    MonoTime last_{};
    std::size_t undecodable_ = 0;
};

} // namespace gatefold::drivers
