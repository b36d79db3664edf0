#pragma once

#include "http/limits.hpp"
#include "http/services.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gatefold::http {

struct ServerOptions {
    std::string listen = "0.0.0.0";
    int port = 8080;          ///< 0: any free one
    std::vector<int> adopted; ///< listening descriptors from the service manager, beside the port
    std::filesystem::path control_socket; ///< empty: none
    std::filesystem::path page_folder;    ///< the built page
    std::filesystem::path covers_folder;
    std::string public_url;
    int threads = 48; ///< made as they are needed, gone when they are idle
    int max_queued = 128;
    /// Connections served at once; event streams have their own bound. Several browsers, or a proxy
    /// before them, open six each; the others keep their places all the same.
    int per_address = 40;
    Patience patience;
    StreamLimits streams;
};

/// The HTTP server: TCP and the control socket in front of one dispatcher. Everything runs from the
/// constructor's return to the destructor.
class Server {
public:
    /// Throws Error `unavailable` when a port or the control socket cannot be had; the message says
    /// what to do.
    Server(const Services& services, const ServerOptions& options);
    ~Server();

    /// The TCP port that is listened on.
    int port() const;
    /// After every commit that wrote to the event log. Any thread.
    void wake() noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace gatefold::http
