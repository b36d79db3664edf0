#pragma once

#include "ports/clock.hpp"

#include <Poco/Net/StreamSocket.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace gatefold::http {

/// Ends the connection for both sides, also when another process holds its descriptor; wakes the
/// thread that reads or writes. The descriptor stays open until its owner closes it. Any thread.
void cutOff(const Poco::Net::StreamSocket& socket) noexcept;

/// The connections that threads serve, each with the moment by which it has to be done with what it
/// does: who drips its request or its reading byte by byte is cut off, and no address holds all
/// threads. Any thread.
class Connections {
public:
    Connections(const Clock& clock, int per_address, int threads)
        : clock_(clock), per_address_(per_address), threads_(threads) {}

    using Ticket = std::uint64_t;
    /// Nothing when this address has too many. An empty address (the control socket) is not
    /// counted.
    std::optional<Ticket> enter(const Poco::Net::StreamSocket& socket, const std::string& address);
    /// From now on the connection has this long.
    void allow(Ticket ticket, Millis time);
    /// Whether the connection may wait for another request: not while its address holds more than
    /// half of its places, or three quarters of the threads are taken.
    bool mayIdle(Ticket ticket) const;
    void leave(Ticket ticket);
    /// Cuts off who is late.
    void reap();
    /// At the server's end: no request is read any more, replies under way are sent, and who has
    /// not left after `grace` is cut off.
    void closeAll(Millis grace);

private:
    struct Entry {
        Poco::Net::StreamSocket socket;
        std::string address;
        MonoTime deadline;
    };

    const Clock& clock_;
    int per_address_, threads_;
    mutable std::mutex mutex_;
    std::condition_variable left_;
    Ticket last_ = 0;
    std::map<Ticket, Entry> entries_;
    std::map<std::string, int> by_address_;
};

} // namespace gatefold::http
