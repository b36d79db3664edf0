#include "cli/password_prompt.hpp"

#include "core/error.hpp"

#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace gatefold::cli {

namespace {

/// Turns echo off as long as it lives.
class Quiet {
public:
    Quiet() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Quiet() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    termios before_{};
};

std::string line() {
    std::string text;
    if (!std::getline(std::cin, text))
        throw Error(ErrorCode::invalid, "No password was given.");
    return text;
}

} // namespace

std::string newPassword() {
    if (::isatty(STDIN_FILENO) == 0)
        return line();
    const Quiet quiet;
    std::cerr << "New password: " << std::flush;
    std::string first = line();
    std::cerr << "\nAgain: " << std::flush;
    const std::string second = line();
    std::cerr << '\n';
    if (first != second)
        throw Error(ErrorCode::invalid, "The two passwords differ; nothing was changed.");
    return first;
}

} // namespace gatefold::cli
