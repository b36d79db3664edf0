#include "cli/context.hpp"

#include "cli/local_api.hpp"
#include "cli/socket_api.hpp"
#include "core/error.hpp"
#include "house/house.hpp"
#include "house/own_files.hpp"
#include "os/owner.hpp"
#include "platform/locations.hpp"
#include "platform/store_lock.hpp"
#include "store/store.hpp"
#include "json/write.hpp"

#include <iostream>
#include <utility>

namespace gatefold::cli {

namespace fs = std::filesystem;

fs::path Context::configurationFile() const {
    if (data.empty())
        return fs::absolute(config.empty() ? platform::standardConfiguration : config);
    const fs::path in_data = fs::absolute(data) / "gatefold.toml";
    return fs::exists(in_data) ? in_data : fs::path();
}

bool Context::isConfigured() const {
    return !config.empty() || !data.empty() || fs::exists(configurationFile());
}

const platform::Settings& Context::readSettings() {
    if (settings_)
        return *settings_;
    const fs::path file = configurationFile();
    settings_ = file.empty() ? platform::defaultSettings(fs::absolute(data))
                             : platform::loadSettings(file).settings;
    if (!data.empty() && !settings_->set_in_file.contains("store.path"))
        settings_->store.path = fs::absolute(data).string();
    return *settings_;
}

const platform::Settings& Context::settings() {
    const platform::Settings& settings = readSettings();
    // From here on a command that root called makes files that the daemon can use. What only the
    // caller may read or write is opened before.
    if (!is_owner_)
        os::becomeOwner(settings.store.path, store::databaseFile(settings.store.path));
    is_owner_ = true; // not after a failure: what follows would be made by root
    return settings;
}

fs::path Context::output(const std::string& named) {
    if (named == "-")
        throw Error(ErrorCode::invalid, "Nothing is written to standard output here: name a file "
                                        "(./- is one that is called so).");
    house::requireOtherThanOwn(named, readSettings(), configurationFile());
    return named;
}

Api& Context::api() {
    if (!fs::exists(store()))
        throw Error(ErrorCode::notFound,
                    "There is no store yet in " + store().string() +
                        ": gatefoldd makes it at its first start. Is the folder the right one?");
    return apiOfNewStore();
}

Api& Context::apiOfNewStore() {
    if (api_)
        return *api_;
    if (auto lock = platform::StoreLock::tryTake(store()))
        api_ = std::make_unique<LocalApi>(settings(), *std::move(lock));
    else
        api_ = std::make_unique<SocketApi>(store() / "control.sock");
    return *api_;
}

fs::path Context::catalogue() {
    return house::catalogueFile(settings());
}

void Context::show(const json::Value& document, const std::function<void()>& words) const {
    if (json)
        std::cout << json::write(document) << '\n';
    else
        words();
}

std::string text(const json::Value& document, std::string_view member) {
    const json::Value* value = document.find(member);
    if (!value)
        return {};
    if (const auto* string = value->string())
        return *string;
    if (const auto* number = value->integer())
        return std::to_string(*number);
    return {};
}

std::string thousands(std::int64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-'; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

} // namespace gatefold::cli
