#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatefold {

/// A barcode's canonical form: up to 14 digits as one number, so that UPC-A and EAN-13 of one
/// product are equal.
struct Gtin {
    std::uint64_t value = 0;

    auto operator<=>(const Gtin&) const = default;
    /// Always 14 digits, left-padded with zeros.
    std::string text() const;
    /// GS1 check digit: from the right, weights 1, 3, 1, 3 ...; the sum is divisible by 10.
    bool checks() const;
};

/// What the symbology, where the scanner told it, says about an eight-digit code.
enum class Symbology { unknown, ean8, upcE, ean13, upcA, other };

/// The keys under which a code is looked for, in the order they are tried; the first with hits
/// answers.
struct GtinKeys {
    /// Keys with a right check digit and full length: a hit is exact. (8 digits: EAN-8, then UPC-E;
    /// 14: GTIN-14, then 12 + add-on.)
    std::vector<Gtin> strict;
    /// 8, 12, 13 or 14 digits as read whose check digit is wrong: a hit is weak.
    std::optional<Gtin> asRead;
    /// A zero left off, a missing check digit, an add-on cut, UPC-E expanded: a hit is weak.
    std::vector<Gtin> weak;

    bool empty() const { return strict.empty() && !asRead && weak.empty(); }
    /// True when it looks like a full barcode whose check digit is wrong.
    bool damaged() const { return asRead.has_value() && strict.empty(); }
};

/// Keys for a code that came from a scanner or a person; rule of catalogue "normalisation", steps
/// 1-5. Only codes that consist of digits (any script), spaces, dashes and dots have keys.
GtinKeys gtinKeysOfScan(std::string_view code, Symbology symbology = Symbology::unknown);

/// Keys under which a catalogue's Barcode field is indexed: strict (also when its check digit is
/// wrong: flagged) and weak ones.
struct CatalogueKey {
    Gtin gtin;
    bool weak = false;
    bool checkDigitWrong = false;
    auto operator<=>(const CatalogueKey&) const = default;
};
std::vector<CatalogueKey> gtinKeysOfField(std::string_view field);

/// ASCII digits of `text`, any Unicode decimal digit mapped, everything else dropped.
std::string digitsOf(std::string_view text);

/// The 12-digit UPC-A of an 8-digit UPC-E (number system 0 or 1 + 6 digits + check), or nothing.
std::optional<Gtin> expandUpcE(std::string_view eightDigits);

} // namespace gatefold
