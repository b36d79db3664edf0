#include "http/connections.hpp"

#include <sys/socket.h>

namespace gatefold::http {

void cutOff(const Poco::Net::StreamSocket& socket) noexcept {
    ::shutdown(socket.impl()->sockfd(), SHUT_RDWR);
}

std::optional<Connections::Ticket> Connections::enter(const Poco::Net::StreamSocket& socket,
                                                      const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (!address.empty()) {
        int& count = by_address_[address];
        if (count >= per_address_)
            return std::nullopt;
        ++count;
    }
    entries_.emplace(++last_, Entry{socket, address, MonoTime::max()});
    return last_;
}

void Connections::allow(Ticket ticket, Millis time) {
    const std::lock_guard lock(mutex_);
    if (const auto at = entries_.find(ticket); at != entries_.end())
        at->second.deadline = clock_.now().mono + time;
}

bool Connections::mayIdle(Ticket ticket) const {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(ticket);
    if (at == entries_.end())
        return false;
    const auto count = by_address_.find(at->second.address);
    const bool room = count == by_address_.end() || count->second * 2 <= per_address_;
    return room && static_cast<int>(entries_.size()) * 4 <= threads_ * 3;
}

void Connections::leave(Ticket ticket) {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(ticket);
    if (at == entries_.end())
        return;
    if (const auto count = by_address_.find(at->second.address);
        count != by_address_.end() && --count->second <= 0)
        by_address_.erase(count);
    entries_.erase(at);
    left_.notify_all();
}

void Connections::reap() {
    const std::lock_guard lock(mutex_);
    const MonoTime now = clock_.now().mono;
    for (auto& [ticket, entry] : entries_)
        if (now > entry.deadline)
            cutOff(entry.socket);
}

void Connections::closeAll(Millis grace) {
    std::unique_lock lock(mutex_);
    for (auto& [ticket, entry] : entries_)
        ::shutdown(entry.socket.impl()->sockfd(), SHUT_RD);
    left_.wait_for(lock, grace, [&] { return entries_.empty(); });
    for (auto& [ticket, entry] : entries_)
        cutOff(entry.socket);
}

} // namespace gatefold::http
