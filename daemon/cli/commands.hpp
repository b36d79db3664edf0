#pragma once

#include "cli/context.hpp"
#include "command_line/command.hpp"

/// One function per command or command group. `context` outlives what they give.
namespace gatefold::cli {

using command_line::Command;

Command scanCommand(Context& context);
Command inboxCommand(Context& context);
Command devicesCommand(Context& context);
Command catalogueCommand(Context& context);
Command decodeCommand(Context& context);
Command userCommand(Context& context);
Command setupCodeCommand(Context& context);
Command tokenCommand(Context& context);
Command cardsCommand(Context& context);
Command backupCommand(Context& context);
Command restoreCommand(Context& context);
Command doctorCommand(Context& context);

} // namespace gatefold::cli
