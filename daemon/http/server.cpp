#include "http/server.hpp"

#include "core/error.hpp"
#include "core/stoppable_sleep.hpp"
#include "http/connection.hpp"
#include "os/file_descriptor.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace gatefold::http {

namespace {

/// A listening socket whose descriptors, the accepted ones too, are not inherited by child
/// processes: Poco sets no FD_CLOEXEC. `reset` and the constructors are protected in Poco.
class ListeningImpl : public Poco::Net::ServerSocketImpl {
public:
    ListeningImpl() = default;
    /// Adopts a listening descriptor.
    explicit ListeningImpl(int fd) {
        reset(fd);
        os::closeOnExec(fd);
    }
    Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& client) override {
        Poco::Net::SocketImpl* accepted = ServerSocketImpl::acceptConnection(client);
        os::closeOnExec(accepted->sockfd());
        return accepted;
    }

protected:
    void init(int family) override {
        ServerSocketImpl::init(family);
        os::closeOnExec(sockfd());
    }
};
class ListeningSocket : public Poco::Net::ServerSocket {
public:
    ListeningSocket() : ServerSocket(new ListeningImpl, true) {}
    explicit ListeningSocket(int fd) : ServerSocket(new ListeningImpl(fd), true) {}
};

Poco::Net::ServerSocket listenOn(const std::string& address, int port) {
    try {
        ListeningSocket socket;
        // Not reuse_port: with it a second daemon would share the port instead of being told.
        socket.bind(Poco::Net::SocketAddress(address, static_cast<Poco::UInt16>(port)), true,
                    false);
        socket.listen(64);
        return socket;
    } catch (const Poco::Exception& error) {
        throw Error(ErrorCode::unavailable,
                    "cannot listen on " + address + ":" + std::to_string(port) + " (" +
                        error.message() +
                        "): stop what listens there, or choose another [http] port",
                    "http.port");
    }
}

Poco::Net::ServerSocket listenOnPath(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.size() >= sizeof address.sun_path)
        throw Error(ErrorCode::unavailable,
                    "the path of the control socket is too long: choose a shorter [store] path",
                    "store.path");
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    ::unlink(text.c_str()); // of a daemon that died; the store's lock says that none lives
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // Its mode before bind() is the mode the file is born with.
    if (fd < 0 || ::fchmod(fd, 0600) != 0 ||
        ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(text.c_str(), 0600) != 0 || ::listen(fd, 16) != 0) {
        const std::string why = std::strerror(errno);
        if (fd >= 0)
            ::close(fd);
        throw Error(ErrorCode::unavailable, "cannot make the control socket " + text + ": " + why);
    }
    return ListeningSocket(fd);
}

/// How long a thread waits for a next connection. Poco's stop() misses a thread that is about to
/// wait, which then holds up the stop for as long.
const Poco::Timespan idleTime(0, 500'000);

Poco::Net::HTTPServerParams::Ptr paramsOf(const ServerOptions& options, int threads) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(Poco::Timespan(options.patience.keep_alive.count() * 1'000));
    params->setMaxKeepAliveRequests(1'000);
    params->setTimeout(Poco::Timespan(options.patience.head.count() * 1'000));
    params->setMaxQueued(options.max_queued);
    params->setMaxThreads(threads);
    params->setThreadIdleTime(idleTime);
    return params;
}

} // namespace

struct Server::Impl {
    Impl(const Services& services_, const ServerOptions& options)
        : services(services_),
          files(options.page_folder, options.covers_folder),
          dispatcher(services, files, metrics, options.public_url),
          connections(services.clock, options.per_address, options.threads),
          events(services.store, services.accounts, services.clock, metrics, options.streams),
          parts{dispatcher, events, connections, metrics, options.patience},
          pool("http", 2, options.threads + 2),
          control_pool("http-control", 1, 4),
          control_path(options.control_socket) {
        addServer(own(listenOn(options.listen, options.port)), options, options.threads, pool,
                  false);
        port = servers.front()->port();
        for (const int fd : options.adopted)
            addServer(ListeningSocket(fd), options, options.threads, pool, false);
        if (!control_path.empty())
            addServer(own(listenOnPath(control_path)), options, 4, control_pool, true);
        reaper = std::jthread([this](const std::stop_token& stop) { reap(stop); });
        pthread_setname_np(reaper.native_handle(), "http-reaper");
        for (const auto& server : servers)
            server->start();
    }

    ~Impl() {
        parts.stopping = true;
        stopAccepting();
        connections.closeAll(parts.patience.stop);
        pool.joinAll();
        control_pool.joinAll();
        if (!control_path.empty())
            ::unlink(control_path.c_str());
    }

    /// Poco looks only every quarter of a second whether it shall stop; a socket that is shut down
    /// wakes it. Those of the service manager stay open for the next daemon.
    void stopAccepting() {
        std::vector<std::jthread> stopping;
        for (const auto& server : servers) {
            stopping.emplace_back([&server] { server->stop(); });
            pthread_setname_np(stopping.back().native_handle(), "http-stop");
        }
        for (const int fd : own_listeners)
            ::shutdown(fd, SHUT_RDWR);
    }

    Poco::Net::ServerSocket own(const Poco::Net::ServerSocket& listener) {
        own_listeners.push_back(listener.impl()->sockfd());
        return listener;
    }

    void addServer(const Poco::Net::ServerSocket& socket, const ServerOptions& options, int threads,
                   Poco::ThreadPool& from, bool control) {
        const auto params = paramsOf(options, threads);
        servers.push_back(std::make_unique<Poco::Net::TCPServer>(
            new ConnectionFactory(params, parts, control), from, socket, params));
    }

    void reap(const std::stop_token& stop) noexcept {
        while (!sleepUnlessStopped(stop, std::chrono::milliseconds(500)))
            connections.reap();
    }

    Services services;
    Metrics metrics;
    StaticFiles files;
    Dispatcher dispatcher;
    Connections connections;
    EventStream events;
    ServerParts parts;
    Poco::ThreadPool pool, control_pool;
    std::filesystem::path control_path;
    std::vector<int> own_listeners; ///< opened here, not by the service manager
    std::vector<std::unique_ptr<Poco::Net::TCPServer>> servers;
    int port = 0;
    std::jthread reaper;
};

Server::Server(const Services& services, const ServerOptions& options)
    : impl_(std::make_unique<Impl>(services, options)) {
    spdlog::info("http: listening address={} port={}", options.listen, impl_->port);
}

Server::~Server() = default;

int Server::port() const {
    return impl_->port;
}

void Server::wake() noexcept {
    impl_->events.wake();
}

} // namespace gatefold::http
