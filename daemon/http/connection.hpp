#pragma once

#include "http/connections.hpp"
#include "http/dispatcher.hpp"
#include "http/event_stream.hpp"
#include "http/limits.hpp"

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>

#include <atomic>

namespace gatefold::http {

/// What all connections of a server share.
struct ServerParts {
    Dispatcher& dispatcher;
    EventStream& events;
    Connections& connections;
    Metrics& metrics;
    Patience patience;
    std::atomic<bool> stopping{false};
};

/// Serves one connection: reads requests, hands them to the dispatcher, writes replies; a client of
/// the event stream leaves with its socket.
class Connection : public Poco::Net::TCPServerConnection {
public:
    Connection(const Poco::Net::StreamSocket& socket, Poco::Net::HTTPServerParams::Ptr params,
               ServerParts& parts, bool control);
    ~Connection() override;
    void run() override;

private:
    bool serveOne(Poco::Net::HTTPServerSession& session);
    bool answerOne(Poco::Net::HTTPServerSession& session);
    Request requestOf(Poco::Net::HTTPServerRequestImpl& in, Poco::Net::HTTPServerResponseImpl& out);
    void readPeer(Request& request) const;
    std::string readBody(Poco::Net::HTTPServerRequestImpl& in,
                         Poco::Net::HTTPServerResponseImpl& out, std::size_t length);
    void send(Poco::Net::HTTPServerResponseImpl& out, const Reply& reply);
    void startStream(Poco::Net::HTTPServerRequestImpl& in, Poco::Net::HTTPServerResponseImpl& out,
                     const Reply& reply);
    void refuse(Poco::Net::HTTPServerSession& session, const Error& error);
    void linger();

    Poco::Net::HTTPServerParams::Ptr params_;
    ServerParts& parts_;
    bool control_; ///< came over the control socket
    std::string address_;
    std::optional<Connections::Ticket> ticket_;
    bool body_left_ = false; ///< of the request being served
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
public:
    ConnectionFactory(Poco::Net::HTTPServerParams::Ptr params, ServerParts& parts, bool control)
        : params_(std::move(params)), parts_(parts), control_(control) {}
    Poco::Net::TCPServerConnection*
    createConnection(const Poco::Net::StreamSocket& socket) override {
        return new Connection(socket, params_, parts_, control_);
    }

private:
    Poco::Net::HTTPServerParams::Ptr params_;
    ServerParts& parts_;
    bool control_;
};

} // namespace gatefold::http
