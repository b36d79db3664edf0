#include "cli/commands.hpp"

#include <iostream>

namespace gatefold::cli {

namespace {

void printDevice(const json::Value& device) {
    const bool* present = device.find("present") ? device.find("present")->boolean() : nullptr;
    const bool* claimed = device.find("claimed") ? device.find("claimed")->boolean() : nullptr;
    const char* state = present && !*present  ? "gone"
                        : claimed && *claimed ? "reading"
                                              : "not read";
    std::cout << text(device, "name") << "  [" << state << "]\n    " << text(device, "kind")
              << " by " << text(device, "driver") << ", " << text(device, "port") << ", id "
              << text(device, "id") << '\n';
    const std::string note = text(device, "note");
    if (!note.empty())
        std::cout << "    " << note << '\n';
}

Exit devices(Context& context) {
    Api& api = context.api();
    const json::Value list = api.ask("GET", "/api/v1/devices");
    context.show(list, [&] {
        const json::Array* items = list.find("items") ? list.find("items")->array() : nullptr;
        if (items)
            for (const json::Value& device : *items)
                printDevice(device);
        if (!items || items->empty())
            std::cout
                << (api.daemonRuns()
                        ? "No scanner or camera is plugged in.\n"
                        : "gatefoldd is not running: only it looks after scanners and cameras.\n");
    });
    return Exit::done;
}

} // namespace

Command devicesCommand(Context& context) {
    return {.name = "devices",
            .help = "scanners and cameras seen, claimed or not and why",
            .run = [&context] { return devices(context); }};
}

} // namespace gatefold::cli
