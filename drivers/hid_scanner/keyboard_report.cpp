#include "drivers/hid_scanner/keyboard_report.hpp"

#include <algorithm>

namespace gatefold::drivers {

namespace {

constexpr std::uint16_t keyboardPage = 0x07;
constexpr Usage firstModifierUsage = usage(keyboardPage, key::firstModifier);
constexpr std::size_t maxAltDigits = 4;

bool isKeyField(const ReportField& field) {
    const Usage first = field.range            ? field.range->first
                        : field.usages.empty() ? 0
                                               : field.usages.front();
    return field.kind == ReportField::Kind::input && !field.constant &&
           (first >> 16) == keyboardPage;
}

void describe(const ReportField& field, KeyboardFormat& format) {
    if (!field.variable) {
        if (!format.array && field.bits >= 1 && field.bits <= 16)
            format.array = {field.bit_offset, field.bits, std::min(field.count, 256U)};
    } else if (const auto bit = field.bitOffsetOf(firstModifierUsage); bit && field.bits == 1) {
        format.modifier_bit = bit;
        if (field.range && field.range->first < firstModifierUsage)
            format.bitmap = {field.bit_offset, static_cast<std::uint8_t>(field.range->first & 0xFF),
                             std::min(field.count, 256U)};
    } else if (field.bits == 1 && field.range && !format.bitmap) {
        format.bitmap = {field.bit_offset, static_cast<std::uint8_t>(field.range->first & 0xFF),
                         std::min(field.count, 256U)};
    }
}

/// The keys a report shows as pressed, in the order in which the report lists them.
std::vector<std::uint8_t> pressedKeys(const KeyboardFormat& format,
                                      std::span<const std::uint8_t> report) {
    std::vector<std::uint8_t> keys;
    if (format.array)
        for (std::uint32_t i = 0; i < format.array->count; ++i) {
            const auto value = bitsAt(report, format.array->bit_offset + i * format.array->bits,
                                      format.array->bits);
            if (value > 0 && value < key::firstModifier)
                keys.push_back(static_cast<std::uint8_t>(value));
        }
    if (format.bitmap)
        for (std::uint32_t i = 0; i < format.bitmap->count; ++i) {
            const std::uint32_t value = format.bitmap->first + i;
            if (value > 3 && value < key::firstModifier &&
                bitsAt(report, format.bitmap->bit_offset + i, 1) != 0)
                keys.push_back(static_cast<std::uint8_t>(value));
        }
    return keys;
}

} // namespace

std::vector<KeyboardFormat> keyboardFormats(const ReportDescriptor& descriptor) {
    std::vector<KeyboardFormat> formats;
    for (const ReportField& field : descriptor.fields) {
        if (field.top_level >= descriptor.top_level.size() ||
            descriptor.top_level[field.top_level] != keyboardUsage ||
            field.kind != ReportField::Kind::input)
            continue;
        auto format = std::find_if(formats.begin(), formats.end(), [&](const KeyboardFormat& f) {
            return f.report_id == field.report_id;
        });
        if (format == formats.end()) {
            formats.emplace_back();
            format = formats.end() - 1;
            format->report_id = field.report_id;
        }
        format->length = std::max<std::size_t>(format->length, (field.endBit() + 7) / 8);
        if (isKeyField(field))
            describe(field, *format);
    }
    std::erase_if(formats, [](const KeyboardFormat& f) { return !f.array && !f.bitmap; });
    return formats;
}

std::optional<int> keypadDigit(std::uint8_t usage) {
    if (usage == key::keypad0)
        return 0;
    if (usage >= key::keypad1 && usage < key::keypad0)
        return usage - key::keypad1 + 1;
    return std::nullopt;
}

KeyboardDecoder::KeyboardDecoder(std::vector<KeyboardFormat> formats)
    : formats_(std::move(formats)) {}

KeyboardDecoder::Verdict KeyboardDecoder::read(std::span<const std::uint8_t> report,
                                               std::vector<Stroke>& strokes) {
    for (const KeyboardFormat& format : formats_)
        if (format.report_id == 0 || (!report.empty() && report[0] == format.report_id))
            return readReport(format, report, strokes);
    return Verdict::undecodable;
}

KeyboardDecoder::Verdict KeyboardDecoder::readReport(const KeyboardFormat& format,
                                                     std::span<const std::uint8_t> report,
                                                     std::vector<Stroke>& strokes) {
    // Some firmware leaves out unused key slots at the end; modifiers and one key must be there.
    const std::size_t shortest =
        std::min<std::size_t>(format.length, format.report_id == 0 ? 3 : 4);
    if (report.size() < shortest || report.size() > format.length + 64)
        return Verdict::undecodable;
    const std::vector<std::uint8_t> keys = pressedKeys(format, report);
    if (std::any_of(keys.begin(), keys.end(), [](std::uint8_t k) { return k <= 3; }))
        return Verdict::rollOver;
    const auto modifiers = static_cast<std::uint8_t>(
        format.modifier_bit ? bitsAt(report, *format.modifier_bit, 8) : 0);
    if ((modifiers & modifier::alt) == 0)
        endAltCode(modifiers, strokes);
    std::bitset<256> now_held;
    for (const std::uint8_t usage : keys) {
        if (!held_.test(usage) && !now_held.test(usage))
            press(usage, modifiers, strokes);
        now_held.set(usage);
    }
    held_ = now_held;
    return Verdict::read;
}

void KeyboardDecoder::press(std::uint8_t usage, std::uint8_t modifiers,
                            std::vector<Stroke>& strokes) {
    const auto digit = keypadDigit(usage);
    if (digit && (modifiers & modifier::alt) != 0 && (modifiers & modifier::ctrl) == 0) {
        if (alt_digits_.size() <= maxAltDigits)
            alt_digits_ += static_cast<char>('0' + *digit);
        return;
    }
    strokes.push_back({usage, modifiers});
}

void KeyboardDecoder::endAltCode(std::uint8_t modifiers, std::vector<Stroke>& strokes) {
    if (alt_digits_.empty())
        return;
    // Codes above 127 are taken as Latin-1: scanners send ASCII this way, and nothing says which
    // code page the rest is from.
    const int value = alt_digits_.size() > maxAltDigits ? 0 : std::stoi(alt_digits_);
    strokes.push_back(
        {0, modifiers,
         value > 0 && value < 256 ? static_cast<char32_t>(value) : replacementCharacter});
    alt_digits_.clear();
}

void KeyboardDecoder::reset() {
    held_.reset();
    alt_digits_.clear();
}

} // namespace gatefold::drivers
