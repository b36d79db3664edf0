#include "os/write_bytes.hpp"

#include "os/file_error.hpp"

#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>

namespace gatefold::os {

void writeBytes(const FileDescriptor& file, std::string_view bytes,
                const std::filesystem::path& named) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            throw fileError("cannot write", named, errno);
        if (written > 0)
            bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void copyBytes(const FileDescriptor& from, const std::filesystem::path& from_named,
               const FileDescriptor& to, const std::filesystem::path& to_named,
               std::int64_t at_most) {
    constexpr std::int64_t piece = 1 << 24;
    off_t offset = 0;
    while (offset < at_most) {
        const auto bytes = static_cast<std::size_t>(std::min(piece, at_most - offset));
        const ssize_t count = ::sendfile(to.get(), from.get(), &offset, bytes);
        if (count == 0)
            return;
        if (count < 0 && errno != EINTR)
            throw fileError("cannot copy " + from_named.string() + " to", to_named, errno);
    }
}

} // namespace gatefold::os
