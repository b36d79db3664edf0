#pragma once

#include "command_line/command.hpp"

namespace gatefold::command_line {

/// What a command line asks for.
struct Parsed {
    const Command* command = nullptr; ///< of the program; null when there is nothing left to do
    Exit status = Exit::done;         ///< of the program when there is nothing left to do
};

/// Reads the command line into the targets. Prints help and version to standard output and what is
/// wrong to standard error. Throws nothing.
Parsed parse(const Program& program, int argc, char** argv);

/// `done` when all that was printed is out, else `failed`: a token that nobody can read is not
/// done. Says so, unless the reader has gone (`gatefold ... | head`): that one has what it wanted.
Exit written(const Program& program, Exit done);

} // namespace gatefold::command_line
