#pragma once

#include "drivers/hid_scanner/report_descriptor.hpp"

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gatefold::drivers {

/// U+FFFD, for what has no meaning.
inline constexpr char32_t replacementCharacter = 0xFFFD;

/// Usages of the keyboard page (0x07) that have a meaning of their own here.
namespace key {
inline constexpr std::uint8_t rollOver = 0x01, firstLetter = 0x04, firstDigit = 0x1E,
                              lastDigit = 0x27, enter = 0x28, tab = 0x2B, space = 0x2C,
                              capsLock = 0x39, scrollLock = 0x47, numLock = 0x53,
                              keypadEnter = 0x58, keypad1 = 0x59, keypad0 = 0x62,
                              keypadPoint = 0x63, firstModifier = 0xE0;
} // namespace key

/// Bits of a boot keyboard's modifier byte.
namespace modifier {
inline constexpr std::uint8_t leftCtrl = 0x01, leftShift = 0x02, leftAlt = 0x04, rightCtrl = 0x10,
                              rightShift = 0x20, rightAlt = 0x40;
inline constexpr std::uint8_t ctrl = leftCtrl | rightCtrl, shift = leftShift | rightShift,
                              alt = leftAlt | rightAlt;
} // namespace modifier

/// One key going down, with the modifiers held; or a character that was typed by its number (ALT +
/// keypad digits).
struct Stroke {
    std::uint8_t usage = 0;
    std::uint8_t modifiers = 0;
    std::optional<char32_t> character = {};
    bool operator==(const Stroke&) const = default;
};

/// Where a keyboard's report holds modifiers and pressed keys.
struct KeyboardFormat {
    std::uint8_t report_id = 0; ///< 0: reports have no id byte
    std::optional<std::uint32_t> modifier_bit;
    struct Array {
        std::uint32_t bit_offset, bits, count;
    };
    std::optional<Array> array; ///< pressed keys by number
    struct Bitmap {
        std::uint32_t bit_offset;
        std::uint8_t first;
        std::uint32_t count;
    };
    std::optional<Bitmap> bitmap; ///< one bit a key (n-key rollover)
    std::size_t length = 0;       ///< bytes of a whole report
};

/// The formats of all key reports in the keyboard collections of a descriptor; empty when there is
/// none.
std::vector<KeyboardFormat> keyboardFormats(const ReportDescriptor& descriptor);

/// Turns key reports of one interface into strokes: only newly pressed keys count.
class KeyboardDecoder {
public:
    explicit KeyboardDecoder(std::vector<KeyboardFormat> formats);

    enum class Verdict {
        read,        ///< zero or more strokes were appended
        rollOver,    ///< too many keys at once: this report says nothing
        undecodable, ///< short, or of an unknown report id
    };
    /// Reads one report as it came over USB and appends what was typed.
    Verdict read(std::span<const std::uint8_t> report, std::vector<Stroke>& strokes);
    /// Forgets held keys and half-typed characters: after an unplug, a stall or lost reports.
    void reset();

private:
    Verdict readReport(const KeyboardFormat& format, std::span<const std::uint8_t> report,
                       std::vector<Stroke>& strokes);
    void press(std::uint8_t usage, std::uint8_t modifiers, std::vector<Stroke>& strokes);
    void endAltCode(std::uint8_t modifiers, std::vector<Stroke>& strokes);

    std::vector<KeyboardFormat> formats_;
    std::bitset<256> held_;
    std::string alt_digits_; ///< keypad digits typed while ALT is held
};

/// The value of a keypad digit key, or nothing.
std::optional<int> keypadDigit(std::uint8_t usage);

} // namespace gatefold::drivers
