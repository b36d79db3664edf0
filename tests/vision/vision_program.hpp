#pragma once

#include <sys/types.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace gatefold::test {

/// The program that is shipped.
inline std::filesystem::path visionProgram() {
    return std::filesystem::path(GATEFOLD_BINARY_DIR) / "libexec/gatefold/gatefold-vision";
}

/// Own `gatefold-vision` processes that run now.
inline std::vector<pid_t> runningVision() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "stat");
        std::string line;
        if (!std::getline(file, line))
            continue;
        // pid (comm) state ppid
        const std::size_t end = line.rfind(')');
        std::istringstream rest(end == std::string::npos ? std::string() : line.substr(end + 1));
        char state = 0;
        pid_t parent = 0;
        if (rest >> state >> parent && parent == ::getpid() && state != 'Z' &&
            line.find("(gatefold-vision)") != std::string::npos)
            found.push_back(static_cast<pid_t>(std::stol(line)));
    }
    return found;
}

} // namespace gatefold::test
