#pragma once

#include <filesystem>

namespace gatefold::drivers {

/// Tells that something in a folder has changed: files finished, came, went or got other rights.
/// One thread.
class Notifier {
public:
    /// Throws Error `unavailable` when the folder cannot be watched.
    explicit Notifier(const std::filesystem::path& folder);
    ~Notifier();
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    /// For poll(): readable after a change.
    int fd() const noexcept { return fd_; }
    /// Forgets the changes so far; true when there were some.
    bool clear() noexcept;

private:
    int fd_;
};

} // namespace gatefold::drivers
