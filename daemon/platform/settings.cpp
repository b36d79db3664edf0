#include "platform/settings.hpp"

#include "core/error.hpp"
#include "core/role.hpp"
#include "core/text.hpp"
#include "os/read_file.hpp"
#include "platform/settings_table.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <numeric>

namespace gatefold::platform {
namespace {

constexpr std::size_t largestFile = std::size_t{1} << 20;
constexpr std::size_t mostTables = 64;

/// Edits that turn one word into the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t change = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, change});
        }
    }
    return row.back();
}

std::string lastPart(std::string_view name) {
    return std::string(name.substr(name.rfind('.') + 1));
}

/// The known name that a person most likely meant: few typing errors, or the right key in the wrong
/// section.
std::optional<std::string> nearest(const std::string& name, const std::vector<std::string>& known) {
    const std::string* best = nullptr;
    std::size_t least = std::max<std::size_t>(2, name.size() / 4) + 1;
    for (const std::string& candidate : known) {
        const std::size_t edits = distance(name, candidate);
        if (edits < least) {
            least = edits;
            best = &candidate;
        }
    }
    for (const std::string& candidate : known)
        if (!best && lastPart(candidate) == lastPart(name))
            best = &candidate;
    return best ? std::optional(*best) : std::nullopt;
}

std::vector<std::string> knownNames() {
    std::vector<std::string> names{"deck", "device"};
    for (const SettingRow& row : settingRows()) {
        const std::string name = row.name();
        const std::string section = name.substr(0, name.rfind('.'));
        if (std::find(names.begin(), names.end(), section) == names.end())
            names.push_back(section); // a section can be misspelt, too
        names.push_back(name);
    }
    for (const auto& [role, word] : EnumNames<Role>::names)
        if (isPersonRole(role))
            names.push_back("oidc.roles." + std::string(word));
    return names;
}

/// Walks one parsed file and notes everything that is wrong with it before anybody gives up.
class Reader {
public:
    explicit Reader(const std::filesystem::path& file) : file_(file), known_(knownNames()) {}

    SettingsReading read(std::string_view text) {
        try {
            const toml::table root = toml::parse(text, file_.string());
            readTable(root, "");
            checkDecksOfDevices();
            anchorPaths();
        } catch (const toml::parse_error& error) {
            report(error.source().begin.line, std::string(error.description()));
        }
        std::stable_sort(found_.begin(), found_.end(),
                         [](const Finding& a, const Finding& b) { return a.line < b.line; });
        for (const Finding& finding : found_)
            (finding.fatal ? result_.problems : result_.warnings).push_back(finding.text);
        return std::move(result_);
    }

private:
    struct Finding {
        std::size_t line;
        bool fatal;
        std::string text;
    };

    void note(std::size_t line, bool fatal, const std::string& text) {
        found_.push_back(
            {line, fatal,
             file_.string() + ":" + std::to_string(line) + ": " + printable(text, 400)});
    }
    void report(std::size_t line, const std::string& text) { note(line, true, text); }

    void readTable(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string(key.str());
            const std::size_t line = key.source().begin.line;
            if (name == "deck")
                readDecks(node, line);
            else if (name == "device")
                readDevices(node, line);
            else if (prefix == "oidc.roles.")
                readRole(std::string(key.str()), node, line);
            else if (const SettingRow* row = rowOf(name))
                readRow(*row, node, line);
            else if (isSection(name) && node.is_table())
                readTable(*node.as_table(), name + ".");
            else if (isSection(name))
                report(line,
                       std::string(name).append(" is a section: write [").append(name).append("]"));
            else
                unknown(name, line, known_);
        }
    }

    static const SettingRow* rowOf(const std::string& name) {
        const auto rows = settingRows();
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const SettingRow& each) { return each.name() == name; });
        return row == rows.end() ? nullptr : &*row;
    }

    bool isSection(const std::string& name) const {
        return std::any_of(known_.begin(), known_.end(),
                           [&](const std::string& each) { return each.starts_with(name + "."); });
    }

    void unknown(const std::string& name, std::size_t line, const std::vector<std::string>& known) {
        const std::optional<std::string> meant = nearest(name, known);
        report(line, "unknown key " + name + (meant ? "; did you mean " + *meant + "?" : ""));
    }

    void readRow(const SettingRow& row, const toml::node& node, std::size_t line) {
        result_.settings.set_in_file.insert(row.name());
        std::visit([&](auto* slot) { readValue(row, *slot, node, line); },
                   row.slot(result_.settings));
        if (!row.missing.empty() && !(row.name() == "http.tls_port" && node.value<int>() == 0))
            note(line, false,
                 row.name() + " is accepted, but " + std::string(row.missing) +
                     " is not built yet");
    }

    void readValue(const SettingRow& row, bool& slot, const toml::node& node, std::size_t line) {
        if (const auto* value = node.as_boolean())
            slot = value->get();
        else
            report(line, row.name() + " has to be true or false");
    }

    void readValue(const SettingRow& row, int& slot, const toml::node& node, std::size_t line) {
        const auto* value = node.as_integer();
        if (value && value->get() >= row.min && value->get() <= row.max)
            slot = static_cast<int>(value->get());
        else
            report(line, row.name() + " has to be a whole number from " + std::to_string(row.min) +
                             " to " + std::to_string(row.max));
    }

    void readValue(const SettingRow& row, std::string& slot, const toml::node& node,
                   std::size_t line) {
        const auto* value = node.as_string();
        if (!value)
            return report(line, row.name() + " has to be text in quotes");
        if (const auto problem = row.check ? row.check(value->get()) : std::nullopt)
            return report(line, row.name() + " " + *problem);
        slot = value->get();
    }

    void readRole(const std::string& role, const toml::node& node, std::size_t line) {
        Role known{};
        if (!parseName(role, known) || !isPersonRole(known))
            return unknown("oidc.roles." + role, line, known_);
        if (const auto* value = node.as_string())
            result_.settings.oidc.roles[role] = value->get();
        else
            report(line, "oidc.roles." + role + " has to be text in quotes");
    }

    /// The tables of [[name]]; nothing when they are written differently.
    std::vector<const toml::table*> tables(const std::string& name, const toml::node& node,
                                           std::size_t line) {
        std::vector<const toml::table*> all;
        const auto* array = node.as_array();
        if (!array || !array->is_homogeneous<toml::table>() || array->size() > mostTables) {
            report(line, name + " has to be written as [[" + name + "]], at most " +
                             std::to_string(mostTables) + " of them");
            return all;
        }
        result_.settings.set_in_file.insert(name);
        for (const toml::node& each : *array)
            all.push_back(each.as_table());
        return all;
    }

    /// One text of a repeated table, checked; nothing when it is absent or wrong.
    std::optional<std::string> text(const toml::table& table, std::string_view name,
                                    std::string_view key, auto check) {
        const toml::node* node = table.get(key);
        if (!node)
            return std::nullopt;
        const std::string full = std::string(name).append(".").append(key);
        const auto* value = node->as_string();
        const auto problem =
            value ? check(value->get()) : std::optional<std::string>("has to be text in quotes");
        if (problem) {
            report(node->source().begin.line, full + " " + *problem);
            return std::nullopt;
        }
        return value->get();
    }

    /// The speed of a serial line; nothing when it is absent or wrong.
    std::optional<int> baud(const toml::table& table) {
        const toml::node* node = table.get("baud");
        if (!node)
            return std::nullopt;
        const auto* value = node->as_integer();
        const auto problem = value ? checkBaud(value->get())
                                   : std::optional<std::string>("has to be a whole number");
        if (problem) {
            report(node->source().begin.line, "device.baud " + *problem);
            return std::nullopt;
        }
        return static_cast<int>(value->get());
    }

    void refuseOthers(const toml::table& table, const std::string& name,
                      std::span<const std::string_view> keys) {
        std::vector<std::string> known;
        for (const std::string_view key : keys)
            known.push_back(name + "." + std::string(key));
        for (const auto& [key, node] : table)
            if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
                unknown(name + "." + std::string(key.str()), key.source().begin.line, known);
    }

    void require(const toml::table& table, const std::string& name, std::string_view key) {
        if (!table.get(key))
            report(table.source().begin.line, "[[" + name + "]] needs " + std::string(key));
    }

    void readDecks(const toml::node& node, std::size_t line) {
        std::vector<Settings::Deck> decks;
        for (const toml::table* table : tables("deck", node, line)) {
            refuseOthers(*table, "deck", deckKeys());
            require(*table, "deck", "id");
            const auto id = text(*table, "deck", "id", checkDeckId);
            const auto name = text(*table, "deck", "name", checkLabel);
            if (!id)
                continue;
            if (std::any_of(decks.begin(), decks.end(), [&](auto& deck) { return deck.id == *id; }))
                report(table->source().begin.line, "deck.id " + *id + " is there twice");
            decks.push_back({*id, name.value_or(*id)});
        }
        if (!decks.empty())
            result_.settings.decks = std::move(decks);
    }

    void readDevices(const toml::node& node, std::size_t line) {
        for (const toml::table* table : tables("device", node, line)) {
            refuseOthers(*table, "device", deviceKeys());
            require(*table, "device", "match");
            DevicePin pin;
            pin.match = text(*table, "device", "match", checkDeviceMatch).value_or("");
            pin.name = text(*table, "device", "name", checkLabel);
            pin.deck = text(*table, "device", "deck", checkDeckId);
            pin.layout = text(*table, "device", "layout", checkLayout);
            pin.baud = baud(*table);
            lines_of_devices_.push_back(table->source().begin.line);
            result_.settings.devices.push_back(std::move(pin));
        }
    }

    /// Devices may stand before the decks they name, so this comes last.
    void checkDecksOfDevices() {
        const auto& decks = result_.settings.decks;
        for (std::size_t i = 0; i < result_.settings.devices.size(); ++i) {
            const auto& deck = result_.settings.devices[i].deck;
            const auto named = [&](const Settings::Deck& each) { return each.id == *deck; };
            if (deck && std::none_of(decks.begin(), decks.end(), named))
                report(lines_of_devices_[i],
                       "device.deck names the deck " + *deck + ", but no [[deck]] has that id");
        }
    }

    /// Paths count from the folder of the file, so that a command finds the same store from
    /// everywhere.
    void anchorPaths() {
        Settings& settings = result_.settings;
        const std::filesystem::path folder = std::filesystem::absolute(file_).parent_path();
        std::vector<std::string*> paths = filesNamedIn(settings);
        paths.insert(paths.end(), {&settings.store.path, &settings.catalogue.path});
        for (std::string* path : paths)
            if (!path->empty())
                *path = (folder / *path).lexically_normal().string();
    }

    std::filesystem::path file_;
    std::vector<std::string> known_;
    std::vector<Finding> found_;
    std::vector<std::size_t> lines_of_devices_;
    SettingsReading result_;
};

} // namespace

std::vector<std::string*> filesNamedIn(Settings& settings) {
    return {&settings.mqtt.password_file, &settings.mqtt.ca_file, &settings.discogs.token_file,
            &settings.oidc.client_secret_file};
}

SettingsReading readSettings(std::string_view text, const std::filesystem::path& file) {
    return Reader(file).read(text);
}

namespace {

std::string textOf(const std::filesystem::path& file) {
    try {
        return os::readFile(file, largestFile);
    } catch (const Error& error) {
        throw Error(ErrorCode::configuration, error.message());
    }
}

} // namespace

SettingsReading loadSettings(const std::filesystem::path& file) {
    SettingsReading reading = readSettings(textOf(file), file);
    if (reading.problems.empty())
        return reading;
    std::string all;
    for (const std::string& problem : reading.problems)
        all.append(all.empty() ? "" : "\n").append(problem);
    throw Error(ErrorCode::configuration, all);
}

Settings defaultSettings(const std::filesystem::path& store) {
    Settings settings;
    settings.store.path = std::filesystem::absolute(store).lexically_normal().string();
    return settings;
}

} // namespace gatefold::platform
