#include "arguments.hpp"

#include "command_line/parser.hpp"
#include "platform/locations.hpp"

namespace gatefold {

Arguments readArguments(int argc, char** argv) {
    Arguments arguments;
    std::string config = platform::standardConfiguration;
    const command_line::Program program{
        .command = {.name = "gatefoldd",
                    .help = "Gatefold's daemon: owns the scanners and cameras, the store, the page "
                            "and the link to home automation.",
                    .options = {{.name = "--config",
                                 .target = &config,
                                 .help = "the configuration",
                                 .value_name = "FILE",
                                 .default_shown = true},
                                {.name = "--check-config",
                                 .target = &arguments.check_only,
                                 .help = "reads the configuration, says what is wrong with it, and "
                                         "ends"}}},
        .version = GATEFOLD_VERSION,
        .footer = "Exit status: 0 clean stop, 1 failed, 64 bad usage, 78 bad configuration, or a "
                  "store that cannot be used\n"
                  "(damaged, of a newer version): a new start does not help."};
    const command_line::Parsed parsed = command_line::parse(program, argc, argv);
    if (!parsed.command)
        arguments.exit_code = static_cast<int>(parsed.status);
    arguments.config = config;
    return arguments;
}

} // namespace gatefold
