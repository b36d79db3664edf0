#include "cli/commands.hpp"
#include "command_line/parser.hpp"
#include "core/error.hpp"
#include "os/file_descriptor.hpp"
#include "os/file_error.hpp"
#include "os/owner.hpp"
#include "platform/logging.hpp"

#include <exception>
#include <filesystem>
#include <iostream>
#include <signal.h>
#include <unistd.h>

using namespace gatefold;
using namespace gatefold::cli;

namespace {

/// The one place that maps errors to exit codes.
Exit exitOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::configuration: return Exit::configuration;
    case ErrorCode::unavailable: return Exit::outOfReach;
    default: return Exit::failed;
    }
}

int fail(const Error& error, bool called_by_root) {
    std::cerr << "gatefold: " << error.message() << '\n';
    if (called_by_root && ::geteuid() != 0 && error.code() == ErrorCode::fileAccess)
        std::cerr << "gatefold: the store belongs to user " << os::userName()
                  << ", so this ran as that user; files that it names have to be within that "
                     "user's reach\n";
    return static_cast<int>(exitOf(error.code()));
}

command_line::Program programOf(Context& context) {
    return {
        .command =
            {.name = "gatefold",
             .help = "Gatefold's console: asks a running daemon, or does it itself when none runs.",
             .options = {{.name = "--config",
                          .target = &context.config,
                          .help = "the configuration (default /etc/gatefold/gatefold.toml)",
                          .value_name = "FILE"},
                         {.name = "--data",
                          .target = &context.data,
                          .help = "the data folder; its gatefold.toml is used when there is one",
                          .value_name = "DIR"},
                         {.name = "--json",
                          .target = &context.json,
                          .help = "one JSON document on standard output"}},
             .commands = {scanCommand(context), inboxCommand(context), devicesCommand(context),
                          catalogueCommand(context), decodeCommand(context), userCommand(context),
                          setupCodeCommand(context), tokenCommand(context), cardsCommand(context),
                          backupCommand(context), restoreCommand(context), doctorCommand(context)}},
        .version = GATEFOLD_VERSION,
        .footer =
            "Exit status: 0 done, 1 failed or a problem was found (a damaged store is one), "
            "64 bad usage,\n"
            "69 daemon or service out of reach, 78 bad configuration. Nothing found is 0 with "
            "an empty list."};
}

} // namespace

int main(int argc, char** argv) {
    os::openStandardDescriptors();
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of a file's size fails instead
    const bool called_by_root = ::geteuid() == 0;
    platform::setUpLogging("warning");
    Context context;
    const command_line::Program program = programOf(context);
    const command_line::Parsed parsed = command_line::parse(program, argc, argv);
    if (!parsed.command)
        return static_cast<int>(parsed.status);
    if (!context.config.empty() && !context.data.empty()) {
        std::cerr << "gatefold: say --config or --data, not both\n";
        return static_cast<int>(Exit::usage);
    }
    try {
        return static_cast<int>(command_line::written(program, parsed.command->run()));
    } catch (const Error& error) {
        return fail(error, called_by_root);
    } catch (const std::filesystem::filesystem_error& error) {
        return fail(os::fileError(error), called_by_root);
    } catch (const std::exception& error) {
        std::cerr << "gatefold: " << error.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
