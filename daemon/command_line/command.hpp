#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What a program understands on its command line, as tables. parser.cpp alone knows the library
/// that reads it.
namespace gatefold::command_line {

/// Exit statuses of Gatefold's programs.
enum class Exit { done = 0, failed = 1, usage = 64, outOfReach = 69, configuration = 78 };

/// Where the value of an option is stored; a bool makes the option a flag.
using Target =
    std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*,
                 unsigned*, std::size_t*, std::int64_t*, std::optional<int>*>;

/// Both ends included.
struct Range {
    int from, to;
};

/// An option, or an argument that has a place instead of a name.
struct Option {
    std::string name; ///< "--out", or "DUMP" for an argument
    Target target;
    std::string help = {};
    std::string value_name = {}; ///< of the value in the help: "FILE"
    bool required = false;
    bool default_shown = false; ///< in the help
    std::vector<std::string> choices = {};
    std::optional<Range> range = {};
    bool positive = false;
    std::vector<std::string> excludes = {}; ///< names of options before it that it replaces
};

/// Options under a heading of their own in the help.
struct OptionGroup {
    std::string name, help;
    std::vector<Option> options;
};

/// A command. What its targets and `run` refer to outlives it.
struct Command {
    std::string name, help;
    std::vector<Option> options = {};
    std::vector<OptionGroup> groups = {};
    /// Names of what is missing ("NAME or --all"), empty when nothing is: asked after parsing.
    std::function<std::string()> missing = {};
    std::function<Exit()> run = {};
    /// One of them has to follow, unless the command has a `run` itself.
    std::vector<Command> commands = {};
};

struct Program {
    Command command; ///< name and help of the program, options that are valid for all commands
    std::string version;
    std::string footer; ///< of every help text
};

} // namespace gatefold::command_line
