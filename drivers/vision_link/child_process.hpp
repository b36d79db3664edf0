#pragma once

#include "drivers/vision_link/protocol.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace gatefold::vision_link {

/// Owns one descriptor of the kernel; -1 is none.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// One running `gatefold-vision` and the socket to it (its standard input). It keeps nothing that
/// is worth a goodbye, so the destructor kills it and reaps it. One thread.
class ChildProcess {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Starts `program MODE`, in a process group of its own (Ctrl-C in a terminal is the daemon's)
    /// and with no signal blocked. Its messages have at most `most_reply_bytes`. Throws Error
    /// `unavailable` when it cannot be started.
    ChildProcess(const std::filesystem::path& program, const std::string& mode,
                 std::size_t most_reply_bytes = maxReplyBytes);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// For poll(): readable when a message or the end has come.
    int fd() const noexcept { return socket_.get(); }
    pid_t pid() const noexcept { return pid_; }

    /// Throws Error `unavailable` when the process has ended or `deadline` is over.
    void send(const Message& message, Deadline deadline);
    /// Takes in what has arrived, without waiting; false when the process has closed its end.
    bool takeIn();
    /// A message that has come whole. Throws WireError.
    std::optional<Message> next() { return frames_.next(); }

    /// How it ended, in words ("was ended by signal 6 (Aborted)"). One that still runs is killed
    /// first.
    std::string ending();

private:
    int reap();

    pid_t pid_ = -1; // before the socket, whose initialiser sets it
    Descriptor socket_;
    FrameReader frames_;
};

} // namespace gatefold::vision_link
