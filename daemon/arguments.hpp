#pragma once

#include <filesystem>
#include <optional>

namespace gatefold {

/// The daemon's command line.
struct Arguments {
    std::filesystem::path config;
    bool check_only = false;
    std::optional<int>
        exit_code; ///< set when there is nothing more to do (help, version, bad usage)
};

/// Reads `gatefoldd --config FILE [--check-config]`; prints help or what is wrong.
Arguments readArguments(int argc, char** argv);

} // namespace gatefold
