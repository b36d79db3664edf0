#pragma once

#include "platform/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace gatefold::platform {

/// Where a key's value lives; the alternative is the key's type.
using SettingSlot = std::variant<bool*, int*, std::string*>;

/// Refuses a value of the right type: what is wrong with it, or nothing.
using TextCheck = std::optional<std::string> (*)(const std::string& value);

/// One key of the configuration. The default is what a fresh `Settings` holds in the slot.
struct SettingRow {
    std::string_view section;
    std::string_view key;
    SettingSlot (*slot)(Settings& settings);
    std::string_view title;        ///< for the page, doctor and documents
    bool needs_restart = true;     ///< a change works only after a restart
    std::string_view missing = {}; ///< the feature it belongs to, as long as that is not built
    TextCheck check = nullptr;     ///< of text keys
    int min = 0, max = 65535;      ///< of number keys

    std::string name() const; ///< "http.port"
};

/// Every key outside [[deck]], [[device]] and [oidc.roles], in the order of the documentation.
std::span<const SettingRow> settingRows();

/// Keys of the tables that may occur several times.
std::span<const std::string_view> deckKeys();
std::span<const std::string_view> deviceKeys();

/// Meaning of single values, for [[deck]] and [[device]] and for what the page sets.
std::optional<std::string> checkDeckId(const std::string& value);
std::optional<std::string> checkDeviceMatch(const std::string& value);
std::optional<std::string> checkLayout(const std::string& value);
std::optional<std::string> checkBaud(std::int64_t value);
std::optional<std::string> checkLabel(const std::string& value);

} // namespace gatefold::platform
