#include "catalogue/lookup.hpp"
#include "cli/commands.hpp"
#include "cli/log_state.hpp"
#include "core/error.hpp"
#include "mqtt/link.hpp"
#include "os/file_error.hpp"
#include "platform/disk.hpp"
#include "platform/store_lock.hpp"
#include "platform/system_clock.hpp"
#include "ports/online_source.hpp"
#include "store/backups.hpp"
#include "store/database_file.hpp"
#include "store/own_log.hpp"
#include "store/store.hpp"
#include "json/read.hpp"
#include "json/write.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

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
    } catch (const std::filesystem::filesystem_error& error) {
        return {name, false, os::fileError(error).message()};
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

/// A database, or the log of one that is missing. Where there is neither nothing is asked or
/// locked: that would make a store.
bool hasStore(Context& context) {
    const auto file = store::databaseFile(context.store());
    return std::filesystem::exists(file) || std::filesystem::exists(store::logOf(file));
}

/// Asked by the lock alone: a command that has the store itself opens it for writing.
bool daemonRuns(Context& context) {
    return hasStore(context) && !platform::StoreLock::tryTake(context.store());
}

Finding daemon(Context& context) {
    const auto holder = platform::StoreLock::holder(context.store());
    if (!daemonRuns(context))
        return {"", false, "gatefoldd is not running: start it (`systemctl start gatefold`)"};
    context.api().ask("GET", "/healthz");
    return {"", true,
            "gatefoldd runs" + (holder ? " as process " + std::to_string(*holder) : std::string())};
}

Finding database(Context& context) {
    const auto file = store::databaseFile(context.store());
    store::requireOwnLog(file);
    if (!std::filesystem::exists(file))
        return {"", false,
                "there is no store yet in " + context.store().string() +
                    ": gatefoldd makes it at its first start"};
    if (!store::holdsBytes(file))
        return {"", false,
                file.string() + " is empty: gatefoldd begins an empty store at its next start. If "
                                "there was one, put a backup back: `gatefold restore FILE`"};
    switch (stateOfLogIn(context.store())) {
    case store::LogState::whole: break;
    case store::LogState::unreadable:
        return {"", false,
                "the disk does not give back a part of the log beside it: what was stored from "
                "there on may be lost"};
    case store::LogState::damaged:
        return {"", false,
                "the log beside it is damaged: what was stored behind the damage may be lost. The "
                "next start of gatefoldd keeps the log as it is in " +
                    (context.store() / "backups").string()};
    }
    const std::string words = store::integrityCheck(context.store());
    if (!words.empty())
        return {"", false, "damaged: " + words + ". Put a backup back: `gatefold restore FILE`"};
    return {"", true, "whole"};
}

Finding lookAtDevices(Context& context) {
    if (!daemonRuns(context))
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

/// What follows `name` on its line of the daemon's numbers; empty when it is not there.
std::string metric(const std::string& numbers, const std::string& name) {
    const auto at = numbers.find("\n" + name);
    if (at == std::string::npos)
        return {};
    const auto from = at + 1 + name.size();
    return numbers.substr(from, numbers.find('\n', from) - from);
}

Finding broker(Context& context) {
    const auto& mqtt = context.settings().mqtt;
    if (!mqtt.enabled)
        return {"", true, "switched off (mqtt.enabled = false)"};
    if (const auto why = mqtt::whyOutOfReach(mqtt.host, mqtt.port))
        return {"", false, *why};
    const std::string answers = mqtt.host + ":" + std::to_string(mqtt.port) + " answers";
    if (!daemonRuns(context))
        return {"", true, answers};
    const std::string numbers = context.api().fetch("/metrics");
    const std::string problem = metric(numbers, "gatefold_mqtt_problem{words=");
    if (!problem.empty())
        return {"", false, *json::parse(problem.substr(0, problem.rfind('}'))).string()};
    const std::string parked = metric(numbers, "gatefold_outbox_parked ");
    if (!parked.empty() && parked != "0")
        return {"", false, answers + "; refused for good and set aside: " + parked + " messages"};
    return {"", true, answers};
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

/// Without the internet the house works on; only a token that was given and is refused is a
/// problem.
Finding onlineSources(Context& context) {
    if (!daemonRuns(context))
        return {"", true, "not looked at: only a running gatefoldd asks them"};
    const json::Value list = context.api().ask("GET", "/api/v1/sources");
    Finding finding;
    for (const json::Value& source : *list.find("items")->array()) {
        const std::string name = text(source, "name"), state = text(source, "state"),
                          detail = text(source, "detail");
        const std::int64_t waiting = *source.find("requests_waiting")->integer();
        finding.words.append(finding.words.empty() ? "" : "; ")
            .append(name)
            .append(1, ' ')
            .append(state);
        if (!detail.empty())
            finding.words += " (" + detail + ')';
        if (waiting > 0)
            finding.words += ", questions waiting: " + thousands(waiting);
        if (state == nameOf(OnlineState::unauthorised) && name == "discogs" &&
            !context.settings().discogs.token_file.empty())
            finding.ok = false;
    }
    return finding;
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

/// One cause is told once, where it was met first.
std::vector<Finding> eachToldOnce(std::vector<Finding> findings) {
    std::map<std::string, std::string> told; // words, name of the finding
    for (Finding& finding : findings) {
        const auto [first, is_new] = told.try_emplace(finding.words, finding.name);
        if (!is_new && !finding.ok)
            finding.words = "not looked at: see " + first->second;
    }
    return findings;
}

Exit doctor(Context& context) {
    const std::vector<Finding> findings = eachToldOnce({
        look("configuration", [&] { return configuration(context); }),
        look("disk", [&] { return disk(context); }),
        look("clock", [&] { return clockIsSet(context); }),
        look("daemon", [&] { return daemon(context); }),
        look("database", [&] { return database(context); }),
        look("devices", [&] { return lookAtDevices(context); }),
        look("broker", [&] { return broker(context); }),
        look("encryption", [&] { return encryption(context); }),
        look("catalogue", [&] { return catalogue(context); }),
        look("online sources", [&] { return onlineSources(context); }),
        look("backup", [&] { return backupAge(context); }),
    });
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

Command doctorCommand(Context& context) {
    return {.name = "doctor",
            .help = "checks everything that a helper would ask for",
            .run = [&context] { return doctor(context); }};
}

} // namespace gatefold::cli
