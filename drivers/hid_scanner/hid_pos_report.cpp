#include "drivers/hid_scanner/hid_pos_report.hpp"

#include "drivers/scanner_common/aim.hpp"

#include <algorithm>

namespace gatefold::drivers {

namespace {

constexpr std::uint16_t scannerPage = 0x8C;
constexpr Usage byteCount = usage(0x01, 0x3B);
constexpr Usage firstAimByte = usage(scannerPage, 0xFB);
constexpr Usage decodedData = usage(scannerPage, 0xFE);
constexpr Usage dataContinued = usage(scannerPage, 0xFF);

/// Byte offset of the value of `wanted` in one of the fields of this report.
std::optional<std::uint32_t> bitOf(const ReportDescriptor& descriptor, std::uint8_t report_id,
                                   Usage wanted) {
    for (const ReportField& field : descriptor.fields)
        if (field.kind == ReportField::Kind::input && field.report_id == report_id)
            if (const auto bit = field.bitOffsetOf(wanted))
                return bit;
    return std::nullopt;
}

std::optional<std::size_t> byteOf(std::optional<std::uint32_t> bit) {
    return bit ? std::optional<std::size_t>(*bit / 8) : std::nullopt;
}

/// Honeywell's own byte right after the data, on a vendor's usage page.
std::optional<std::size_t> vendorByteAfter(const ReportDescriptor& descriptor,
                                           const ReportField& data) {
    for (const ReportField& field : descriptor.fields)
        if (field.kind == ReportField::Kind::input && field.report_id == data.report_id &&
            field.bit_offset == data.endBit() && field.bits == 8 && !field.usages.empty() &&
            (field.usages.front() >> 16) >= 0xFF00)
            return field.bit_offset / 8;
    return std::nullopt;
}

/// Honeywell code letters (its user's guides, "Symbology chart") of the codes whose length is not
/// enough to know them.
Symbology symbologyOfHoneywell(char letter) {
    switch (letter) {
    case 0: return Symbology::unknown;
    case 'd': return Symbology::ean13;
    case 'D': return Symbology::ean8;
    case 'c': return Symbology::upcA;
    case 'E': return Symbology::upcE;
    default: return Symbology::other;
    }
}

} // namespace

std::vector<HidPosFormat> hidPosFormats(const ReportDescriptor& descriptor) {
    std::vector<HidPosFormat> formats;
    if (!descriptor.has(barCodeScannerUsage))
        return formats;
    for (const ReportField& field : descriptor.fields) {
        const bool isData =
            std::find(field.usages.begin(), field.usages.end(), decodedData) != field.usages.end();
        if (field.kind != ReportField::Kind::input || !isData || field.bits != 8 ||
            field.bit_offset % 8 != 0)
            continue;
        HidPosFormat format;
        format.report_id = field.report_id;
        format.data = field.bit_offset / 8;
        format.data_size = field.count;
        format.length = byteOf(bitOf(descriptor, field.report_id, byteCount));
        format.aim = byteOf(bitOf(descriptor, field.report_id, firstAimByte));
        format.continued_bit = bitOf(descriptor, field.report_id, dataContinued);
        format.vendor_id = vendorByteAfter(descriptor, field);
        formats.push_back(format);
    }
    return formats;
}

HidPosFormat lengthPrefixedFormat(std::size_t size) {
    HidPosFormat format;
    format.length = 0;
    format.data = 1;
    format.data_size = size > 0 ? size - 1 : 0;
    return format;
}

HidPosAssembler::HidPosAssembler(std::vector<HidPosFormat> formats, bool honeywell_ids)
    : formats_(std::move(formats)), honeywell_ids_(honeywell_ids) {}

const HidPosFormat* HidPosAssembler::formatOf(std::span<const std::uint8_t> report) const {
    for (const HidPosFormat& format : formats_)
        if (format.report_id == 0 || (!report.empty() && report[0] == format.report_id))
            return &format;
    return nullptr;
}

void HidPosAssembler::begin(const HidPosFormat& format, std::span<const std::uint8_t> report) {
    open_ = true;
    if (format.aim && *format.aim + 3 <= report.size())
        aim_.assign(report.begin() + static_cast<std::ptrdiff_t>(*format.aim),
                    report.begin() + static_cast<std::ptrdiff_t>(*format.aim + 3));
    if (format.vendor_id && *format.vendor_id < report.size())
        vendor_id_ = static_cast<char>(report[*format.vendor_id]);
}

std::optional<TextCode> HidPosAssembler::read(std::span<const std::uint8_t> report, MonoTime now) {
    const HidPosFormat* format = formatOf(report);
    if (format == nullptr || report.size() <= format->data) {
        ++undecodable_;
        return std::nullopt;
    }
    if (!open_)
        begin(*format, report);
    last_ = now;
    auto data =
        report.subspan(format->data, std::min(format->data_size, report.size() - format->data));
    if (format->length && *format->length < report.size())
        data = data.first(std::min<std::size_t>(report[*format->length], data.size()));
    else
        data = data.first(
            static_cast<std::size_t>(std::find(data.begin(), data.end(), 0) - data.begin()));
    const std::size_t room = maxCodeBytes - bytes_.size();
    bytes_.append(data.begin(),
                  data.begin() + static_cast<std::ptrdiff_t>(std::min(room, data.size())));
    const bool continued = format->continued_bit && bitsAt(report, *format->continued_bit, 1) != 0;
    return continued ? std::nullopt : finish();
}

std::optional<MonoTime> HidPosAssembler::deadline() const {
    return open_ ? std::optional(last_ + idleGap) : std::nullopt;
}

std::optional<TextCode> HidPosAssembler::idle(MonoTime now) {
    return open_ && now >= last_ + idleGap ? finish() : std::nullopt;
}

std::optional<TextCode> HidPosAssembler::finish() {
    TextCode code{std::string(withoutEndKeys(bytes_)),
                  symbologyOfAim(aim_, withoutEndKeys(bytes_))};
    if (code.symbology == Symbology::unknown && honeywell_ids_)
        code.symbology = symbologyOfHoneywell(vendor_id_);
    reset();
    return code.bytes.empty() ? std::nullopt : std::optional(std::move(code));
}

void HidPosAssembler::reset() {
    open_ = false;
    bytes_.clear();
    aim_.clear();
    vendor_id_ = 0;
}

} // namespace gatefold::drivers
