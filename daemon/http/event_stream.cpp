#include "http/event_stream.hpp"

#include "core/error.hpp"
#include "http/connections.hpp"
#include "json/write.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatefold::http {

namespace {

constexpr int rowsAtOnce = 200;

struct Named {
    std::string_view event;
    Permission permission;
};

/// What a reader has to be allowed for each kind of row; rows that are not named here are not sent.
std::optional<Named> nameOf(const LogRow& row) {
    if (row.kind == LogRow::Kind::scanResult)
        return Named{"scan_result", Permission::collectionRead};
    if (row.kind == LogRow::Kind::state)
        return row.name == "now_playing"
                   ? std::optional(Named{row.name, Permission::nowPlayingRead})
                   : std::nullopt;
    const EventType* type = findEventType(row.name);
    if (!type)
        return std::nullopt;
    if (type->family == "deck" || type->family == "stylus")
        return Named{type->family, Permission::nowPlayingRead};
    if (type->family == "system")
        return Named{type->family, Permission::systemRead};
    return Named{type->family, Permission::collectionRead};
}

} // namespace

std::optional<EventFrame> eventFrame(const LogRow& row) {
    const auto named = nameOf(row);
    if (!named)
        return std::nullopt;
    std::string data = document(row);
    // Over MQTT the topic names the deck; here the document has to.
    if (row.kind == LogRow::Kind::state && !row.deck.empty())
        data.insert(1, "\"deck\":" + json::write(row.deck) + ",");
    std::replace(data.begin(), data.end(), '\n', ' ');
    EventFrame frame{named->permission, {}};
    frame.text.append("id: ")
        .append(std::to_string(row.seq))
        .append("\nevent: ")
        .append(named->event);
    frame.text.append("\ndata: ").append(data).append("\n\n");
    return frame;
}

struct EventStream::Client {
    Poco::Net::StreamSocket socket;
    std::string address;
    Caller caller;
    std::optional<std::int64_t> last_id;
    std::int64_t seq = 0; ///< everything up to here was queued or is not for this client
    std::string out;
    std::size_t sent = 0; ///< of `out`
    MonoTime progress_at{}, comment_at{};
    bool greeted = false;
    bool open = true;

    bool waiting() const { return sent < out.size(); }
    bool full(const StreamLimits& limits) const { return out.size() - sent >= limits.buffer_bytes; }
};

/// Rows after one place of the log.
struct EventStream::Batch {
    struct Entry {
        std::int64_t seq;
        std::optional<EventFrame> frame;
    };
    std::vector<Entry> entries;
};

/// One pass over the clients: clients at the same place of the log share what was read.
class EventStream::Round {
public:
    explicit Round(const UnitOfWork& store) : store_(store) {}

    const Batch& after(std::int64_t seq) {
        const auto [at, fresh] = batches_.try_emplace(seq);
        if (fresh)
            for (const LogRow& row :
                 store_.read([&](const ReadTx& tx) { return tx.events.after(seq, rowsAtOnce); }))
                at->second.entries.push_back({row.seq, eventFrame(row)});
        return at->second;
    }

private:
    const UnitOfWork& store_;
    std::map<std::int64_t, Batch> batches_;
};

EventStream::EventStream(const UnitOfWork& store, Accounts& accounts, const Clock& clock,
                         Metrics& metrics, const StreamLimits& limits)
    : store_(store),
      accounts_(accounts),
      clock_(clock),
      metrics_(metrics),
      limits_(limits),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_fd_ < 0)
        throw Error(ErrorCode::internal, "no eventfd for the event stream");
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    pthread_setname_np(thread_.native_handle(), "events");
}

EventStream::~EventStream() {
    thread_.request_stop();
    wake();
    thread_.join();
    ::close(wake_fd_);
}

bool EventStream::reserve(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (metrics_.streams >= limits_.max_streams)
        return false;
    int& taken = by_address_[address];
    if (!address.empty() && taken >= limits_.per_address)
        return false;
    ++taken;
    ++metrics_.streams;
    return true;
}

void EventStream::giveBack(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --metrics_.streams;
    if (const auto at = by_address_.find(address); at != by_address_.end() && --at->second <= 0)
        by_address_.erase(at);
}

void EventStream::add(const Poco::Net::StreamSocket& socket, const std::string& address,
                      const StreamStart& start) {
    auto client = std::make_unique<Client>();
    client->socket = socket;
    client->address = address;
    client->caller = start.caller;
    client->last_id = start.last_id;
    client->progress_at = client->comment_at = clock_.now().mono;
    {
        const std::lock_guard lock(mutex_);
        newcomers_.push_back(std::move(client));
    }
    wake();
}

void EventStream::wake() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
}

void EventStream::run(const std::stop_token& stop) noexcept {
    while (!stop.stop_requested()) {
        try {
            waitForSomething(behind_ ? 0 : static_cast<int>(limits_.poll_every.count()));
            if (stop.stop_requested())
                break;
            round();
        } catch (const std::exception& error) {
            spdlog::error("events: round failed what={}", error.what());
            behind_ = false;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    }
    const std::lock_guard lock(mutex_);
    metrics_.streams -= static_cast<std::int64_t>(clients_.size() + newcomers_.size());
    clients_.clear();
    newcomers_.clear();
}

void EventStream::waitForSomething(int timeout_ms) {
    std::vector<pollfd> waits{{wake_fd_, POLLIN, 0}};
    for (const auto& client : clients_) {
        const short wanted = client->waiting() ? POLLIN | POLLOUT : POLLIN;
        waits.push_back({client->socket.impl()->sockfd(), wanted, 0});
    }
    if (::poll(waits.data(), waits.size(), timeout_ms) <= 0)
        return;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(wake_fd_, &count, sizeof count);
    for (std::size_t i = 1; i < waits.size(); ++i) {
        if (!(waits[i].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)))
            continue;
        // A page says nothing on this socket; what comes is the end of it, or is thrown away.
        char nothing[512];
        const auto received = ::recv(waits[i].fd, nothing, sizeof nothing, MSG_DONTWAIT);
        if (received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR))
            clients_[i - 1]->open = false;
    }
}

void EventStream::round() {
    dropClosed();
    takeNewcomers();
    behind_ = false;
    Round shared(store_);
    for (const auto& client : clients_) {
        try {
            if (!client->greeted)
                greet(*client);
            const Batch* const batch = client->full(limits_) ? nullptr : &shared.after(client->seq);
            // Looked at after the rows: what was committed once the rights had ended is not sent.
            client->open = client->open && accounts_.stillGood(client->caller);
            if (!client->open)
                continue;
            const bool more = !batch || feed(*client, *batch);
            flush(*client);
            behind_ = behind_ || (more && !client->waiting());
            care(*client);
        } catch (const Poco::Exception&) {
            client->open = false; // the page is gone
        }
    }
    dropClosed();
}

void EventStream::takeNewcomers() {
    const std::lock_guard lock(mutex_);
    for (auto& client : newcomers_) {
        client->socket.setBlocking(false);
        client->socket.setSendBufferSize(static_cast<int>(limits_.buffer_bytes));
        clients_.push_back(std::move(client));
    }
    newcomers_.clear();
}

void EventStream::greet(Client& client) {
    const auto [oldest, newest] = store_.read(
        [](const ReadTx& tx) { return std::pair(tx.events.oldest(), tx.events.newest()); });
    client.greeted = true;
    client.seq = newest;
    client.out = "retry: 2000\n: hello\n";
    if (!client.last_id) {
        client.out += "id: " + std::to_string(newest) + "\n\n";
        return;
    }
    client.out += "\n";
    const bool gap = *client.last_id + 1 < oldest || *client.last_id > newest;
    if (gap) // what lies between is not kept any more, or the log is another one
        client.out += "id: " + std::to_string(newest) +
                      "\nevent: reset\ndata: {\"v\":1,\"oldest\":" + std::to_string(oldest) +
                      ",\"newest\":" + std::to_string(newest) + "}\n\n";
    else
        client.seq = *client.last_id;
}

bool EventStream::feed(Client& client, const Batch& batch) {
    for (const auto& [seq, frame] : batch.entries) {
        if (client.full(limits_))
            return true;
        client.seq = seq;
        if (frame && client.caller.rights.allow(frame->permission))
            client.out += frame->text;
    }
    return batch.entries.size() == static_cast<std::size_t>(rowsAtOnce);
}

void EventStream::flush(Client& client) {
    while (client.waiting()) {
        const auto n = ::send(client.socket.impl()->sockfd(), client.out.data() + client.sent,
                              client.out.size() - client.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            client.open = false;
        if (n <= 0)
            return;
        client.sent += static_cast<std::size_t>(n);
        client.progress_at = clock_.now().mono;
    }
    client.out.clear();
    client.sent = 0;
    client.progress_at = clock_.now().mono;
}

void EventStream::care(Client& client) {
    const MonoTime now = clock_.now().mono;
    if (client.waiting() && now - client.progress_at > limits_.stalled_after) {
        spdlog::info("events: slow client dropped role={}", gatefold::nameOf(client.caller.role));
        client.open = false;
    }
    if (now - client.comment_at > limits_.comment_every) {
        client.comment_at = now;
        if (!client.waiting()) {
            client.out = ": still here\n\n";
            flush(client);
        }
    }
}

void EventStream::dropClosed() {
    std::erase_if(clients_, [this](const auto& client) {
        if (!client->open) {
            cutOff(client->socket);
            giveBack(client->address);
        }
        return !client->open;
    });
}

} // namespace gatefold::http
