#pragma once

#include "drivers/vision_link/protocol.hpp"

#include "os/file_descriptor.hpp"
#include "os/process.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gatefold::vision_link {

/// One running `gatefold-vision` and the socket to it (its standard input). It keeps nothing that
/// is worth a goodbye, so the destructor kills it and reaps it. One thread.
class ChildProcess {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Starts `program` with `arguments`; its messages have at most `max_reply_bytes`. Throws Error
    /// `unavailable` when it cannot be started.
    ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const os::ProcessLimits& limits, std::size_t max_reply_bytes = maxReplyBytes);

    /// For poll(): readable when a message or the end has come.
    int fd() const noexcept { return line_.get(); }
    pid_t pid() const noexcept { return process_.pid(); }
    /// Processor time that it has used.
    std::chrono::nanoseconds work() const noexcept { return process_.work(); }

    /// Throws Error `unavailable` when the process has ended or `deadline` is over.
    void send(const Message& message, Deadline deadline);
    /// Takes in what has arrived, without waiting; false when the process has closed its end.
    bool takeIn();
    /// A message that has come whole. Throws WireError.
    std::optional<Message> next() { return frames_.next(); }

    /// How it ended; one that still runs is killed first.
    os::Process::Ending ending() { return process_.ending(); }

private:
    /// Both ends of the socket; theirs is closed once the process has it.
    struct Ends {
        os::FileDescriptor ours, theirs;
        Ends();
    };
    ChildProcess(Ends ends, const std::filesystem::path& program,
                 const std::vector<std::string>& arguments, const os::ProcessLimits& limits,
                 std::size_t max_reply_bytes);

    os::FileDescriptor line_;
    os::Process process_;
    FrameReader frames_;
};

} // namespace gatefold::vision_link
