#include "house/box_facts.hpp"

#include "core/error.hpp"
#include "platform/disk.hpp"
#include "json/value.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <fstream>
#include <unistd.h>
#include <utility>

namespace gatefold::house {

namespace {

/// The first thermal zone of the kernel, in thousandths of a degree.
constexpr const char* temperatureFile = "/sys/class/thermal/thermal_zone0/temp";

std::optional<double> temperatureCelsius() {
    std::ifstream file(temperatureFile);
    double thousandths = 0;
    return file >> thousandths ? std::optional(thousandths / 1000) : std::nullopt;
}

} // namespace

ThisBox::ThisBox(const platform::Settings& settings, const Clock& clock, const UnitOfWork& store,
                 const store::CoverFolder& covers, std::string boot_id)
    : settings_(settings),
      clock_(clock),
      store_(store),
      covers_(covers),
      boot_id_(std::move(boot_id)),
      started_(clock.now().mono) {}

BoxHealth ThisBox::health() const {
    BoxHealth health;
    health.uptime_s =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().mono - started_).count();
    try {
        health.disk_free_mb =
            static_cast<std::int64_t>(platform::freeBytes(settings_.store.path) / 1'000'000);
    } catch (const Error&) {
        health.disk_free_mb = 0; // a disk that cannot be asked is as good as full
    }
    health.temp_c = temperatureCelsius();
    return health;
}

std::string ThisBox::version() const {
    return GATEFOLD_VERSION;
}

std::string ThisBox::baseUrl() const {
    if (!settings_.http.public_url.empty())
        return settings_.http.public_url;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "http://localhost:" + std::to_string(settings_.http.port);
    return "http://" + std::string(name.data()) + ".local:" + std::to_string(settings_.http.port);
}

/// The file that the deck's state names, so that both speak of the same record.
std::string ThisBox::cover(std::string_view deck) const {
    const auto state =
        store_.read([&](const ReadTx& tx) { return tx.events.currentState("now_playing", deck); });
    if (!state)
        return {};
    const json::Value document = json::parse(state->body);
    const json::Value* url = document.find("cover_url");
    const std::string* text = url ? url->string() : nullptr;
    if (!text)
        return {};
    try {
        return covers_.readNamed(text->substr(text->rfind('/') + 1));
    } catch (const Error& error) { // a picture is no reason to publish nothing
        spdlog::warn("box: no cover is published reason={}", error.message());
        return {};
    }
}

} // namespace gatefold::house
