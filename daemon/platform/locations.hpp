#pragma once

#include <filesystem>

namespace gatefold::platform {

/// Where the parts lie that come with the program. They are found from the running program's own
/// place, because the build folder has the layout of an installed box: nothing has to be
/// configured, and a moved installation works. `prefix` is what holds sbin/, bin/, libexec/ and
/// share/ (/usr, or the build folder).
std::filesystem::path prefixOf(const std::filesystem::path& program);

/// `prefixOf` the running program. Throws Error `internal` without /proc.
std::filesystem::path ownPrefix();

/// Folder of the page's built files (may be missing).
std::filesystem::path pageFolder();
/// The process that reads pixels.
std::filesystem::path visionProgram();

inline constexpr const char* standardConfiguration = "/etc/gatefold/gatefold.toml";

} // namespace gatefold::platform
