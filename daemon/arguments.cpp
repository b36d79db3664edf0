#include "arguments.hpp"

#include "platform/locations.hpp"

#include <CLI/CLI.hpp>

namespace gatefold {

namespace {
constexpr int badUsage = 64;
}

Arguments readArguments(int argc, char** argv) {
    Arguments arguments;
    std::string config = platform::standardConfiguration;
    CLI::App app("Gatefold's daemon: owns the scanners and cameras, the store, the page and the "
                 "link to home automation.",
                 "gatefoldd");
    app.set_version_flag("--version", GATEFOLD_VERSION);
    app.add_option("--config", config, "the configuration")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("--check-config", arguments.check_only,
                 "reads the configuration, says what is wrong with it, and ends");
    app.footer("Exit status: 0 clean stop, 1 failed, 64 bad usage, 78 bad configuration.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        arguments.exit_code = app.exit(error) == 0 ? 0 : badUsage;
    }
    arguments.config = config;
    return arguments;
}

} // namespace gatefold
