#include "cli/commands.hpp"
#include "core/error.hpp"
#include "os/owner.hpp"
#include "platform/logging.hpp"

#include <CLI/CLI.hpp>

#include <exception>
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
    std::cerr << "gatefold: " << error.message();
    if (!error.field().empty())
        std::cerr << " (" << error.field() << ")";
    std::cerr << '\n';
    if (called_by_root && ::geteuid() != 0 &&
        (error.code() == ErrorCode::unavailable || error.code() == ErrorCode::forbidden))
        std::cerr << "gatefold: the store belongs to user " << os::userName()
                  << ", so this ran as that user; files that it names have to be within that "
                     "user's reach\n";
    return static_cast<int>(exitOf(error.code()));
}

void describe(CLI::App& app, Context& context) {
    app.name("gatefold");
    app.set_version_flag("--version", GATEFOLD_VERSION);
    app.add_option("--config", context.config,
                   "the configuration (default /etc/gatefold/gatefold.toml)")
        ->type_name("FILE");
    app.add_option("--data", context.data,
                   "the data folder; its gatefold.toml is used when there is one")
        ->type_name("DIR");
    app.add_flag("--json", context.json, "one JSON document on standard output");
    app.require_subcommand(1);
    app.fallthrough(); // --config, --data and --json may stand behind the command, too
    app.footer("Exit status: 0 done, 1 failed or a problem was found, 64 bad usage, 69 daemon or "
               "service out of reach,\n"
               "78 bad configuration. Nothing found is 0 with an empty list.");
    addScan(app, context);
    addInbox(app, context);
    addDevices(app, context);
    addCatalogue(app, context);
    addDecode(app, context);
    addUsers(app, context);
    addTokens(app, context);
    addCards(app, context);
    addBackup(app, context);
    addDoctor(app, context);
}

} // namespace

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);
    const bool called_by_root = ::geteuid() == 0;
    platform::setUpLogging("warning");
    Context context;
    CLI::App app("Gatefold's console: asks a running daemon, or does it itself when none runs.");
    describe(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        // The parser only misses a command; the word it did not know says more.
        const std::vector<std::string> unknown = app.remaining(true);
        if (unknown.empty())
            return static_cast<int>(app.exit(error) == 0 ? Exit::done : Exit::usage);
        std::cerr << "gatefold: nothing here is called " << unknown.front()
                  << "; --help shows what there is\n";
        return static_cast<int>(Exit::usage);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
    }
    if (!context.config.empty() && !context.data.empty()) {
        std::cerr << "gatefold: say --config or --data, not both\n";
        return static_cast<int>(Exit::usage);
    }
    try {
        return static_cast<int>(context.command());
    } catch (const Error& error) {
        return fail(error, called_by_root);
    } catch (const std::exception& error) {
        std::cerr << "gatefold: " << error.what() << '\n';
        return static_cast<int>(Exit::failed);
    }
}
