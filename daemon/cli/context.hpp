#pragma once

#include "cli/api.hpp"
#include "command_line/command.hpp"
#include "platform/settings.hpp"
#include "json/value.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gatefold::cli {

using command_line::Exit;

/// What every command works with: the options before or after it, the settings, the API.
class Context {
public:
    std::string config, data;
    bool json = false;

    /// Read once; then root is the store's owner. Throws Error `configuration` with every problem.
    const platform::Settings& settings();
    /// Whether there is a configuration, or one was named. A rescue system has none.
    bool isConfigured() const;
    /// The file that the caller named to be written, for the caller's rights. Throws Error
    /// `invalid` for one of Gatefold's own files.
    std::filesystem::path output(const std::string& named);
    /// The daemon, or the dispatcher in this process when the store is free. Throws Error
    /// `notFound` where the store's folder is missing.
    Api& api();
    /// The same for a command that may come before the daemon's first start: makes the folder.
    Api& apiOfNewStore();
    /// The store's folder with the caller's rights: what is made there would be root's.
    std::filesystem::path storeToRead() { return readSettings().store.path; }
    std::filesystem::path store() { return settings().store.path; }
    std::filesystem::path catalogue();

    /// With --json the document, else what `words` prints.
    void show(const json::Value& document, const std::function<void()>& words) const;

private:
    /// Absolute; empty for a data folder without one.
    std::filesystem::path configurationFile() const;
    const platform::Settings& readSettings();

    std::optional<platform::Settings> settings_;
    bool is_owner_ = false;
    std::unique_ptr<Api> api_;
};

/// Text of a member, "" when it is missing or null; numbers as digits.
std::string text(const json::Value& document, std::string_view member);
/// A number for people: "12,345".
std::string thousands(std::int64_t number);

} // namespace gatefold::cli
