#include "platform/locations.hpp"

#include "core/error.hpp"

#include <system_error>

namespace gatefold::platform {

namespace fs = std::filesystem;

fs::path prefixOf(const fs::path& program) {
    const fs::path folder = program.parent_path();
    return folder.parent_path().filename() == "libexec" ? folder.parent_path().parent_path()
                                                        : folder.parent_path();
}

fs::path ownPrefix() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (error)
        throw Error(ErrorCode::internal, "cannot find the own program: /proc is not there");
    return prefixOf(program);
}

fs::path pageFolder() {
    return ownPrefix() / "share" / "gatefold" / "webui";
}
fs::path visionProgram() {
    return ownPrefix() / "libexec" / "gatefold" / "gatefold-vision";
}

} // namespace gatefold::platform
