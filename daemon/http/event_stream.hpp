#pragma once

#include "app/accounts.hpp"
#include "http/limits.hpp"
#include "http/message.hpp"
#include "http/metrics.hpp"
#include "ports/clock.hpp"
#include "ports/store.hpp"

#include <Poco/Net/StreamSocket.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gatefold::http {

/// A row of the log as the stream sends it.
struct EventFrame {
    Permission permission; ///< what a reader needs
    std::string text;      ///< "id: 8123\nevent: now_playing\ndata: {...}\n\n"
};
/// Nothing for rows that the stream does not carry.
std::optional<EventFrame> eventFrame(const LogRow& row);

/// Sends the event log to every page that listens, from one thread. The log itself is each client's
/// queue: a client is given more only when what it was given before is gone, and is dropped when it
/// takes nothing for a while, so memory stays bounded. Before anything is sent, the sign-in or
/// token is looked at again: a stream ends with it, by time too, and when its rights change.
class EventStream {
public:
    /// Starts the thread. Throws Error `internal`.
    EventStream(const UnitOfWork& store, Accounts& accounts, const Clock& clock, Metrics& metrics,
                const StreamLimits& limits);
    ~EventStream();

    /// Takes a place for one more stream of this address; false when there is none. An empty
    /// address (the control socket) has no bound of its own. Any thread.
    bool reserve(const std::string& address);
    void giveBack(const std::string& address);
    /// Takes over a socket on which the reply's head was sent; its place was reserved. Any thread.
    void add(const Poco::Net::StreamSocket& socket, const std::string& address,
             const StreamStart& start);
    /// After every commit that wrote to the log or may have ended what a stream is allowed by. Any
    /// thread.
    void wake() noexcept;

private:
    struct Client;
    struct Batch;
    class Round;
    using Clients = std::vector<std::unique_ptr<Client>>;

    void run(const std::stop_token& stop) noexcept;
    void round();
    void waitForSomething(int timeout_ms);
    void takeNewcomers();
    void greet(Client& client);
    bool feed(Client& client, const Batch& batch); ///< true: there is more for this client
    void flush(Client& client);
    void care(Client& client);
    void dropClosed();

    const UnitOfWork& store_;
    Accounts& accounts_;
    const Clock& clock_;
    Metrics& metrics_;
    StreamLimits limits_;
    int wake_fd_ = -1;
    std::mutex mutex_;
    std::map<std::string, int> by_address_; ///< places taken
    Clients newcomers_;
    Clients clients_; ///< the thread's own
    bool behind_ = false;
    std::jthread thread_;
};

} // namespace gatefold::http
