#pragma once

#include "cli/context.hpp"

namespace CLI {
class App;
}

/// One function per command group; each adds its commands to `app` and lets their callbacks set
/// `context.command`.
namespace gatefold::cli {

void addScan(CLI::App& app, Context& context);
void addInbox(CLI::App& app, Context& context);
void addDevices(CLI::App& app, Context& context);
void addCatalogue(CLI::App& app, Context& context);
void addDecode(CLI::App& app, Context& context);
void addUsers(CLI::App& app, Context& context);
void addTokens(CLI::App& app, Context& context);
void addCards(CLI::App& app, Context& context);
void addBackup(CLI::App& app, Context& context);
void addDoctor(CLI::App& app, Context& context);

} // namespace gatefold::cli
