#include "command_line/parser.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <poll.h>
#include <type_traits>
#include <unistd.h>

namespace gatefold::command_line {

namespace {

CLI::Option* addTo(CLI::App& app, const Option& option) {
    return std::visit(
        [&](auto* target) {
            if constexpr (std::is_same_v<decltype(target), bool*>)
                return app.add_flag(option.name, *target, option.help);
            else
                return app.add_option(option.name, *target, option.help);
        },
        option.target);
}

/// A variable that a script did not set is no file, and no name.
std::string notEmpty(const std::string& value) {
    return value.empty() ? "may not be empty" : "";
}

/// Adds the option to `app`: the command's, or that of a group within it.
void add(CLI::App& app, CLI::App& command, const Option& option) {
    CLI::Option* added = addTo(app, option);
    added->required(option.required);
    if (!std::holds_alternative<bool*>(option.target))
        added->check(notEmpty);
    if (!option.value_name.empty())
        added->type_name(option.value_name);
    else if (added->get_positional() && option.choices.empty())
        added->type_name(""); // its name says what it is
    if (!option.choices.empty())
        added->check(CLI::IsMember(option.choices));
    if (option.range)
        added->check(CLI::Range(option.range->from, option.range->to));
    if (option.positive)
        added->check(CLI::PositiveNumber);
    if (option.default_shown)
        added->capture_default_str();
    for (const std::string& name : option.excludes)
        added->excludes(command.get_option(name));
}

/// Adds all that `command` holds; parsing sets `chosen` to the command that is to run.
void describe(CLI::App& app, const Command& command, const Command*& chosen) {
    for (const Option& option : command.options)
        add(app, app, option);
    for (const OptionGroup& group : command.groups) {
        CLI::App* added = app.add_option_group(group.name, group.help);
        for (const Option& option : group.options)
            add(*added, app, option);
    }
    if (!command.commands.empty()) {
        app.require_subcommand(command.run ? 0 : 1, 1);
        app.fallthrough(); // the command's options may stand behind the next command, too
    }
    app.callback([&app, &command, &chosen] {
        if (!command.commands.empty() && !app.get_subcommands().empty())
            return;
        if (const std::string missing = command.missing ? command.missing() : ""; !missing.empty())
            throw CLI::RequiredError(missing);
        chosen = &command;
    });
    for (const Command& below : command.commands)
        describe(*app.add_subcommand(below.name, below.help), below, chosen);
}

/// What the parser says; it calls a value that is not there "1 required FILE missing".
std::string inWords(std::string said) {
    if (const auto at = said.find(": 1 required "); at != std::string::npos)
        said.replace(at, said.find('\n', at) - at, " needs a value");
    return said;
}

/// The status once the parser has left with `error`; prints help, version or what is wrong.
Exit ended(const Program& program, const CLI::App& app, const CLI::ParseError& error) {
    // Where a word is no command the parser only misses one, or shows the help of the one before.
    const std::vector<std::string> unknown = app.remaining(true);
    const bool help_or_command = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr ||
                                 dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr;
    if (help_or_command && !unknown.empty()) {
        std::cerr << program.command.name << ": nothing here is called " << unknown.front()
                  << "; --help shows what there is\n";
        return Exit::usage;
    }
    return app.exit(error) == 0 ? written(program, Exit::done) : Exit::usage;
}

} // namespace

Parsed parse(const Program& program, int argc, char** argv) {
    Parsed parsed;
    CLI::App app(program.command.help, program.command.name);
    app.set_version_flag("--version", program.version);
    app.footer(program.footer);
    app.failure_message([&program](const CLI::App* failed, const CLI::Error& error) {
        return program.command.name + ": " + inWords(CLI::FailureMessage::simple(failed, error));
    });
    app.get_formatter()->label("Excludes", "not with");
    describe(app, program.command, parsed.command);
    try {
        app.parse(argc, argv);
        return parsed;
    } catch (const CLI::ParseError& error) {
        return {nullptr, ended(program, app, error)};
    }
}

Exit written(const Program& program, Exit done) {
    if (std::cout.flush())
        return done;
    pollfd output{STDOUT_FILENO, 0, 0};
    if (::poll(&output, 1, 0) != 1 || (output.revents & POLLERR) == 0)
        std::cerr << program.command.name << ": standard output cannot be written\n";
    return Exit::failed;
}

} // namespace gatefold::command_line
