#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gatefold::drivers {

/// What is known about a maker or a model beyond its descriptors. Scanners are found without this
/// table; it only settles doubt (a keyboard that might be a person's) and names what a device
/// needs.
struct ModelQuirk {
    enum class Kind {
        scannerMaker,   ///< whatever this maker sells with keys or a serial line is a scanner
        keyboardMaker,  ///< keyboards for people: never claimed unless the name or a pin says
                        ///< scanner
        lengthPrefixed, ///< a HID device whose reports are: length, then data ("simple COM port
                        ///< emulation")
        foreignProtocol ///< a vendor protocol that is not spoken here; `advice` says what to switch
    };
    std::uint16_t vendor;
    std::optional<std::uint16_t> product; ///< nothing: every product of the vendor
    Kind kind;
    std::string_view maker;
    std::string_view advice = {};
    bool honeywell_ids =
        false; ///< HID-POS reports carry Honeywell's code letter where the AIM id is empty
};

/// The row for a device, one with its product before one for the vendor; null when there is none.
const ModelQuirk* findQuirk(std::uint16_t vendor, std::uint16_t product);

/// True when a device's own texts call it a bar code scanner.
bool namesScanner(std::string_view text);

} // namespace gatefold::drivers
