#pragma once

#include "cli/api.hpp"

#include <filesystem>
#include <sys/types.h>

namespace gatefold::cli {

/// A running daemon, over `<store>/control.sock`.
class SocketApi final : public Api {
public:
    explicit SocketApi(std::filesystem::path socket) : socket_(std::move(socket)) {}
    ApiReply call(std::string_view method, std::string_view target, std::string_view body,
                  std::string_view if_match) override;
    bool daemonRuns() const override { return true; }
    /// The process that listens. Throws Error `unavailable` when none does: then another command
    /// has the store.
    pid_t process() const;

private:
    std::filesystem::path socket_;
};

} // namespace gatefold::cli
