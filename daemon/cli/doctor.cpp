#include "catalogue/lookup.hpp"
#include "cli/commands.hpp"
#include "core/error.hpp"
#include "mqtt/link.hpp"
#include "platform/disk.hpp"
#include "platform/store_lock.hpp"
#include "platform/system_clock.hpp"
#include "store/store.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <functional>
#include <iostream>

namespace gatefold::cli {

namespace {

/// What one look found.
struct Finding {
    std::string name;
    bool ok = true;
    std::string words;
    static constexpr auto fields = fieldList(
        field("name", &Finding::name), field("ok", &Finding::ok), field("words", &Finding::words));
};

constexpr std::uint64_t littleSpace = 500'000'000;
constexpr auto backupShouldBeWithin = std::chrono::days(14);

Finding look(const std::string& name, const std::function<Finding()>& check) {
    try {
        Finding finding = check();
        finding.name = name;
        return finding;
    } catch (const Error& error) {
        return {name, false, error.message()};
    }
}

Finding configuration(Context& context) {
    return {"", true, "read; the data is in " + context.settings().store.path};
}

Finding disk(Context& context) {
    const auto free = platform::freeBytes(context.store());
    const std::string megabytes =
        thousands(static_cast<std::int64_t>(free / 1'000'000)) + " MB free";
    return {"", free >= littleSpace,
            free >= littleSpace ? megabytes
                                : "only " + megabytes + ": make room before scans are refused"};
}

Finding clockIsSet(Context&) {
    using namespace std::chrono;
    const auto now = platform::SystemClock().now().wall;
    const bool plausible = now > sys_days{year{2025} / 1 / 1};
    return {"", plausible,
            plausible ? isoTime(now)
                      : "the box believes it is " + isoTime(now) +
                            ": it has not heard from a time server"};
}

Finding daemon(Context& context) {
    const auto holder = platform::StoreLock::holder(context.store());
    if (platform::StoreLock::tryTake(context.store()))
        return {"", false, "gatefoldd is not running: start it (`systemctl start gatefold`)"};
    context.api().ask("GET", "/healthz");
    return {"", true,
            "gatefoldd runs" + (holder ? " as process " + std::to_string(*holder) : std::string())};
}

Finding database(Context& context) {
    const auto file = store::databaseFile(context.store());
    if (!std::filesystem::exists(file))
        return {"", true, "none yet: it is made at the first start"};
    const std::string words = store::integrityCheck(context.store());
    return {"", words.empty(),
            words.empty() ? "whole"
                          : "damaged: " + words + ". Put a backup back: `gatefold restore FILE`"};
}

Finding devices(Context& context) {
    if (!context.api().daemonRuns())
        return {"", true, "not looked at: only a running gatefoldd reads them"};
    const json::Value list = context.api().ask("GET", "/api/v1/devices");
    int reading = 0;
    std::string troubles;
    for (const json::Value& device : *list.find("items")->array()) {
        const bool* claimed = device.find("claimed")->boolean();
        const std::string note = text(device, "note");
        if (claimed && *claimed)
            ++reading;
        else if (!note.empty())
            troubles += "; " + text(device, "name") + ": " + note;
    }
    return {"", reading > 0 || troubles.empty(),
            (reading == 0 ? std::string("no scanner is read") : std::to_string(reading) + " read") +
                troubles};
}

Finding broker(Context& context) {
    const auto& mqtt = context.settings().mqtt;
    if (!mqtt.enabled)
        return {"", true, "switched off (mqtt.enabled = false)"};
    const auto why = mqtt::whyOutOfReach(mqtt.host, mqtt.port);
    return {"", !why, why.value_or(mqtt.host + ":" + std::to_string(mqtt.port) + " answers")};
}

Finding encryption(Context&) {
    return {
        "", true,
        "the page is plain http in this version; phones need http://localhost or a photo to scan"};
}

Finding catalogue(Context& context) {
    const CatalogueInfo info = catalogue::openCatalogue(context.catalogue())->info();
    if (!info.present)
        return {"", false,
                "none: unknown records cannot be named. `gatefold catalogue build "
                "discogs_YYYYMMDD_releases.xml.gz`"};
    return {"", true, thousands(info.releases) + " releases, built " + info.built_at.value_or("?")};
}

Finding backupAge(Context& context) {
    const platform::SystemClock clock;
    const auto backups = store::BackupFiles(context.store(), clock).list();
    if (backups.empty())
        return {"", !std::filesystem::exists(store::databaseFile(context.store())),
                "there is none: `gatefold backup`"};
    const auto made = parseIsoTime(backups.front().made_at);
    const bool fresh = made && clock.now().wall - *made < backupShouldBeWithin;
    return {"", fresh,
            "the last one is of " + backups.front().made_at +
                (fresh ? "" : ": make a new one, `gatefold backup`")};
}

Exit doctor(Context& context) {
    const std::vector<Finding> findings{
        look("configuration", [&] { return configuration(context); }),
        look("disk", [&] { return disk(context); }),
        look("clock", [&] { return clockIsSet(context); }),
        look("daemon", [&] { return daemon(context); }),
        look("database", [&] { return database(context); }),
        look("devices", [&] { return devices(context); }),
        look("broker", [&] { return broker(context); }),
        look("encryption", [&] { return encryption(context); }),
        look("catalogue", [&] { return catalogue(context); }),
        look("backup", [&] { return backupAge(context); }),
    };
    bool all_well = true;
    for (const Finding& finding : findings)
        all_well = all_well && finding.ok;
    json::Value document;
    document.set("ok", all_well);
    document.set("checks", json::parse(json::write(findings)));
    context.show(document, [&] {
        for (const Finding& finding : findings)
            std::cout << (finding.ok ? "  ok     " : "  LOOK   ") << finding.name << ": "
                      << finding.words << '\n';
        std::cout << (all_well ? "All is well.\n" : "Something needs a look.\n");
    });
    return all_well ? Exit::done : Exit::failed;
}

} // namespace

void addDoctor(CLI::App& app, Context& context) {
    app.add_subcommand("doctor", "checks everything that a helper would ask for")
        ->callback([&context] { context.command = [&context] { return doctor(context); }; });
}

} // namespace gatefold::cli
