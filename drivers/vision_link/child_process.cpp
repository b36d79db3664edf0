#include "drivers/vision_link/child_process.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace gatefold::vision_link {

namespace {

[[noreturn]] void refuse(const std::string& what, int error) {
    throw Error(ErrorCode::unavailable,
                "the image reader " + what + ": " + std::generic_category().message(error));
}

int millisUntil(ChildProcess::Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

} // namespace

ChildProcess::Ends::Ends() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        refuse("has no line", errno);
    ours = os::FileDescriptor(ends[0]);
    theirs = os::FileDescriptor(ends[1]);
    ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
}

ChildProcess::ChildProcess(const std::filesystem::path& program,
                           const std::vector<std::string>& arguments,
                           const os::ProcessLimits& limits, std::size_t max_reply_bytes)
    : ChildProcess(Ends(), program, arguments, limits, max_reply_bytes) {}

ChildProcess::ChildProcess(Ends ends, const std::filesystem::path& program,
                           const std::vector<std::string>& arguments,
                           const os::ProcessLimits& limits, std::size_t max_reply_bytes)
    : line_(std::move(ends.ours)),
      process_(program, arguments, ends.theirs.get(), limits),
      frames_(max_reply_bytes) {}

void ChildProcess::send(const Message& message, Deadline deadline) {
    const std::string frame = encode(message);
    for (std::size_t sent = 0; sent < frame.size();) {
        const ssize_t count =
            ::send(line_.get(), frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
        if (count > 0) {
            sent += static_cast<std::size_t>(count);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            refuse("has ended", errno);
        pollfd entry{line_.get(), POLLOUT, 0};
        if (::poll(&entry, 1, millisUntil(deadline)) == 0)
            throw Error(ErrorCode::unavailable, "the image reader takes nothing in");
    }
}

bool ChildProcess::takeIn() {
    std::array<char, 16 * 1024> buffer;
    const ssize_t count = ::recv(line_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0)
        frames_.feed({buffer.data(), static_cast<std::size_t>(count)});
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

} // namespace gatefold::vision_link
