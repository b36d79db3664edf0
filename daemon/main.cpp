#include "arguments.hpp"
#include "core/error.hpp"
#include "core/stoppable_sleep.hpp"
#include "drivers/registry.hpp"
#include "drivers/vision_link/camera_link.hpp"
#include "house/house.hpp"
#include "house/scanner_desk.hpp"
#include "http/server.hpp"
#include "mqtt/mqtt_service.hpp"
#include "os/file_descriptor.hpp"
#include "os/memory.hpp"
#include "os/owner.hpp"
#include "os/read_file.hpp"
#include "platform/locations.hpp"
#include "platform/logging.hpp"
#include "platform/service_manager.hpp"
#include "platform/signals.hpp"
#include "platform/sound.hpp"
#include "platform/store_lock.hpp"
#include "store/restore_request.hpp"
#include "store/store.hpp"
#include "worker.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <future>
#include <optional>
#include <string>
#include <utility>

using namespace gatefold;

namespace {

/// Feedback of a box whose sound is switched off.
class Silence final : public Feedback {
public:
    void play(Tone, const std::string&) noexcept override {}
};

std::unique_ptr<Feedback> soundOf(const platform::Settings& settings) {
    if (settings.sound.enabled)
        return std::make_unique<platform::Sound>(settings.sound.device);
    return std::make_unique<Silence>();
}

http::ServerOptions serverOptions(const platform::Settings& settings,
                                  const platform::ServiceManager& manager) {
    http::ServerOptions options;
    options.listen = settings.http.listen;
    options.port = settings.http.port;
    for (const platform::PassedSocket& socket : manager.sockets())
        options.adopted.push_back(
            ::fcntl(socket.fd, F_DUPFD_CLOEXEC, 0)); // the server closes its own
    options.control_socket = std::filesystem::path(settings.store.path) / "control.sock";
    options.page_folder = platform::pageFolder();
    options.covers_folder = std::filesystem::path(settings.store.path) / "covers";
    options.public_url = settings.http.public_url;
    return options;
}

mqtt::Config mqttConfig(const platform::Settings::Mqtt& settings, UnitOfWork& store) {
    mqtt::Config config;
    config.host = settings.host;
    config.port = settings.port;
    config.username = settings.username;
    if (!settings.password_file.empty())
        config.password = os::readSecret(settings.password_file);
    config.tls = settings.tls;
    config.ca_file = settings.ca_file;
    config.base = settings.base;
    config.node = mqtt::nodeName(settings.node, store);
    config.discovery = settings.discovery == "off"         ? mqtt::Discovery::off
                       : settings.discovery == "component" ? mqtt::Discovery::component
                                                           : mqtt::Discovery::device;
    config.discovery_prefix = settings.discovery_prefix;
    config.media_player_compat = settings.media_player_compat;
    return config;
}

void tellFirstRun(const std::optional<std::string>& code, int port) {
    if (code) {
        std::printf("Setup code: %s\nOpen the page on port %d and type it within an hour.\n",
                    code->c_str(), port);
        std::fflush(stdout);
    }
}

int localHour() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return local.tm_hour;
}

/// What nobody waits for: old rows go, and scans that could not be worked off get another try.
void careFor(house::House& house, const platform::Settings& settings, const std::stop_token& stop) {
    using namespace std::chrono_literals;
    while (!sleepUnlessStopped(stop, 10min)) {
        house.store.tidy();
        house.covers.tidy();
        house.kept_answers.forgetEnded(house.clock.now().wall);
        house.scanning.recover();
        if (settings.catalogue.update == "night")
            house.system.updateCatalogueAtNight(localHour());
    }
}

enum class Ending { asked, failed, again };

/// SIGHUP means that a backup waits to be put in place.
Ending waitForTheEnd(platform::Signals& signals, const platform::ServiceManager& manager,
                     const Workers& workers, const std::filesystem::path& store) {
    using namespace std::chrono_literals;
    const auto interval = manager.watchdogInterval().value_or(60s);
    for (;;) {
        const auto signal = signals.wait(interval);
        if (workers.failed())
            return Ending::failed;
        if (signal && *signal != SIGHUP)
            return Ending::asked;
        if (signal && store::restoreWaits(store))
            return Ending::again;
        manager.watchdog();
    }
}

/// A large database takes longer than the watchdog waits.
void restore(const std::filesystem::path& store, const platform::ServiceManager& manager) {
    using namespace std::chrono_literals;
    auto done = std::async(std::launch::async, [&] {
        os::nameThread("restore");
        store::takeRestore(store, platform::SystemClock());
    });
    manager.watchdog(); // the stop before it took time, too
    while (done.wait_for(manager.watchdogInterval().value_or(60s)) != std::future_status::ready)
        manager.watchdog();
    done.get();
}

/// The caller holds the store's lock.
Ending serve(const platform::Settings& settings, platform::Signals& signals,
             platform::ServiceManager& manager) {
    restore(settings.store.path, manager);
    const auto feedback = soundOf(settings);
    std::unique_ptr<mqtt::MqttService> broker;
    house::House house(settings, *feedback, [&] {
        return broker ? broker->status() : LinkStatus{false, false, 0, {}};
    });
    house.settle();
    // The last that may fail because another program holds the database: the server is up after it.
    const std::optional<std::string> setup_code = house.accounts.freshSetupCode();
    if (settings.mqtt.enabled)
        broker =
            std::make_unique<mqtt::MqttService>(mqttConfig(settings.mqtt, house.store), house.store,
                                                house.clock, house.automation, house.box);
    http::Server server(house.services(), serverOptions(settings, manager));
    house.store.onCommit([&] {
        if (broker)
            broker->wake();
        server.wake();
        house.enrichment.wake();
    });

    house::ScannerDesk desk(house.scanning, house.devices, *feedback);
    const DriverContext context{house.devices};
    Workers workers;
    const auto start = [&](std::string name, OnBug on_bug, auto body) {
        workers.start(std::move(name), on_bug, std::move(body));
    };
    using Stop = const std::stop_token&;
    start("listening", OnBug::endDaemon, [&](Stop stop) { house.listening.run(stop); });
    if (broker)
        start("mqtt", OnBug::endDaemon, [&](Stop stop) { broker->run(stop); });
    start("jobs", OnBug::endDaemon, [&](Stop stop) { house.system.run(stop); });
    start("updates", OnBug::endDaemon, [&](Stop stop) { house.system.runUpdates(stop); });
    start("lookup", OnBug::tryAgain, [&](Stop stop) { house.enrichment.run(stop); });
    start("care", OnBug::tryAgain, [&](Stop stop) { careFor(house, settings, stop); });
    for (const DriverDescriptor& row : drivers::registry())
        start(std::string(row.name), OnBug::tryAgain,
              [&, driver = std::shared_ptr(row.make(context))](Stop stop) {
                  driver->run(stop, desk);
              });
    start("cameras", OnBug::tryAgain, [&](Stop stop) {
        vision_link::CameraLink(house.devices, platform::visionProgram()).run(stop, desk);
    });

    spdlog::info("gatefoldd: ready version={} port={} store={}", GATEFOLD_VERSION, server.port(),
                 settings.store.path);
    tellFirstRun(setup_code, server.port());
    manager.ready();
    const Ending ending = waitForTheEnd(signals, manager, workers, settings.store.path);
    // What follows waits for threads that wait for photos and for online sources.
    house.photos.stop();
    house.online_search.stop();
    if (ending != Ending::again)
        manager.stopping();
    spdlog::info("gatefoldd: {}", ending == Ending::again ? "starting anew" : "stopping");
    workers.stop();
    // A failure meanwhile has sent a SIGTERM, which the next start would take for a request.
    return ending == Ending::again && workers.failed() ? Ending::failed : ending;
}

/// After a restore. A database that another program holds is no reason to end, as it is at the
/// first start.
Ending serveAnew(const platform::Settings& settings, platform::Signals& signals,
                 platform::ServiceManager& manager) {
    using namespace std::chrono_literals;
    const BackOff back_off{1s, 10s}; // below the interval of the watchdog
    for (auto pause = back_off.first;; pause = std::min(pause * 2, back_off.max)) {
        try {
            return serve(settings, signals, manager);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::unavailable)
                throw;
            spdlog::error("gatefoldd: cannot start anew, tries again reason={}", error.message());
        }
        manager.watchdog();
        const auto signal = signals.wait(pause);
        if (signal && *signal != SIGHUP)
            return Ending::asked;
    }
}

/// 78: a new start would end in the same way, so the service manager tries none.
int exitOf(ErrorCode code) {
    const bool stays = code == ErrorCode::configuration || code == ErrorCode::unusableStore;
    return stays ? 78 : 1;
}

} // namespace

int main(int argc, char** argv) {
    os::openStandardDescriptors();
    os::returnLargeBlocks();
    platform::Signals signals;
    platform::ServiceManager manager;
    try {
        const Arguments arguments = readArguments(argc, argv);
        if (arguments.exit_code)
            return *arguments.exit_code;
        const platform::SettingsReading reading = platform::loadSettings(arguments.config);
        platform::setUpLogging(reading.settings.log.level);
        for (const std::string& warning : reading.warnings)
            spdlog::warn("settings: {}", warning);
        if (arguments.check_only)
            return 0;
        // What root makes there, the service cannot use.
        os::becomeOwner(reading.settings.store.path,
                        store::databaseFile(reading.settings.store.path));
        const platform::StoreLock lock(reading.settings.store.path);
        Ending ending = serve(reading.settings, signals, manager);
        while (ending == Ending::again)
            ending = serveAnew(reading.settings, signals, manager);
        return ending == Ending::asked ? 0 : 1;
    } catch (const Error& error) {
        std::fprintf(stderr, "gatefoldd: %s\n", error.message().c_str());
        return exitOf(error.code());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gatefoldd: %s\n", error.what());
        return 1;
    }
}
