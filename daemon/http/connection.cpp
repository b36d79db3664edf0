#include "http/connection.hpp"

#include "core/retry_later.hpp"

#include "http/auth.hpp"
#include "http/problem.hpp"

#include <Poco/Net/NetException.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace gatefold::http {

using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponseImpl;
using Poco::Net::HTTPServerSession;

namespace {

/// The peer of the control socket is root or who runs the daemon.
bool isConsole(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    return peer.uid == 0 || peer.uid == ::geteuid();
}

Poco::Net::IPAddress plainAddress(const Poco::Net::IPAddress& address) {
    if (address.family() == Poco::Net::IPAddress::IPv6 && address.isIPv4Mapped()) {
        const auto* bytes = static_cast<const unsigned char*>(address.addr());
        return {bytes + 12, 4};
    }
    return address;
}

void setHead(HTTPServerResponseImpl& out, const Reply& reply) {
    out.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status),
                           std::string(reasonOf(reply.status)));
    for (const auto& [name, value] : reply.headers) {
        if (value.find_first_of("\r\n") != value.npos)
            throw Error(ErrorCode::internal, "A header of ours holds a line end.");
        out.add(name, value);
    }
    if (reply.status != 204 && reply.status != 304)
        out.setContentType(reply.media);
}

std::size_t timesGiven(const HTTPServerRequestImpl& in, const std::string& name) {
    return static_cast<std::size_t>(std::count_if(in.begin(), in.end(), [&](const auto& header) {
        return Poco::icompare(header.first, name) == 0;
    }));
}

} // namespace

Connection::Connection(const Poco::Net::StreamSocket& socket,
                       Poco::Net::HTTPServerParams::Ptr params, ServerParts& parts, bool control)
    : TCPServerConnection(socket), params_(std::move(params)), parts_(parts), control_(control) {
    ++parts_.metrics.connections;
    if (!control_)
        try {
            address_ = plainAddress(socket.peerAddress().host()).toString();
        } catch (const Poco::Exception&) {
            address_ = "gone"; // the peer left already
        }
    ticket_ = parts_.connections.enter(socket, address_);
}

Connection::~Connection() {
    if (ticket_)
        parts_.connections.leave(*ticket_);
    --parts_.metrics.connections;
}

void Connection::run() {
    try {
        HTTPServerSession session(socket(), params_);
        socket().setSendTimeout(params_->getTimeout());
        if (!ticket_) {
            refuse(session,
                   RetryLater(ErrorCode::unavailable, "This address has too many connections.",
                              std::chrono::seconds(1)));
            linger();
            return;
        }
        parts_.connections.allow(*ticket_, parts_.patience.head);
        while (!parts_.stopping && session.hasMoreRequests())
            if (!serveOne(session))
                break;
    } catch (const Poco::Exception& error) {
        spdlog::debug("http: connection ended what={}", error.displayText());
    } catch (const std::exception& error) {
        spdlog::error("http: connection failed what={}", error.what());
    }
}

bool Connection::serveOne(HTTPServerSession& session) {
    parts_.connections.allow(*ticket_, parts_.patience.head);
    body_left_ = false;
    bool keep = false;
    try {
        keep = answerOne(session);
    } catch (const Poco::Net::NoMessageException&) {
        return false;
    } catch (const Poco::Net::MessageException&) {
        if (parts_.stopping) // a head that is cut short by the stop is no fault of the client
            return false;
        refuse(session, Error(ErrorCode::malformed, "This is no HTTP request."));
    } catch (const Poco::DataException&) {
        refuse(session, Error(ErrorCode::malformed, "This is no HTTP request."));
    } catch (const Error& error) {
        refuse(session, error);
    }
    if (body_left_)
        linger();
    return keep;
}

/// Reads a request and sends its reply; the reply is out when this returns, because Poco sends when
/// its objects go.
bool Connection::answerOne(HTTPServerSession& session) {
    HTTPServerResponseImpl out(session);
    HTTPServerRequestImpl in(out, session, params_.get());
    parts_.connections.allow(*ticket_, parts_.patience.reply);
    out.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
    out.setDate(Poco::Timestamp());

    Request request = requestOf(in, out);
    body_left_ = request.chunked || request.content_length.value_or(0) > 0;
    const Reply reply = parts_.dispatcher.handle(request);
    if (!isSafe(request.method)) // it may have ended a sign-in, a token or somebody's rights
        parts_.events.wake();
    const bool keep = params_->getKeepAlive() && in.getKeepAlive() && session.canKeepAlive() &&
                      !body_left_ && !parts_.stopping && parts_.connections.mayIdle(*ticket_);
    out.setKeepAlive(keep);
    if (reply.stream) {
        startStream(in, out, reply);
        return false;
    }
    send(out, reply);
    session.setKeepAlive(keep);
    parts_.connections.allow(*ticket_, parts_.patience.keep_alive + parts_.patience.head);
    return keep;
}

Request Connection::requestOf(HTTPServerRequestImpl& in, HTTPServerResponseImpl& out) {
    Request request;
    request.method = in.getMethod();
    if (in.getVersion() != "HTTP/1.1" && in.getVersion() != "HTTP/1.0")
        throw Error(ErrorCode::malformed, "This is no HTTP request.");
    if (timesGiven(in, "Content-Length") > 1 || timesGiven(in, "Host") > 1)
        throw Error(ErrorCode::malformed, "A header that stands for one thing is there twice.");
    request.chunked = in.has("Transfer-Encoding");
    if (in.has("Content-Length")) {
        request.content_length = parseNumber(in.get("Content-Length"));
        if (!request.content_length)
            throw Error(ErrorCode::malformed, "Content-Length is no number.");
    }
    for (const auto& [name, value] : in)
        request.headers.emplace_back(name, value);
    readPeer(request);
    request.target = parseTarget(in.getURI());
    request.read_body = [this, &in, &out](std::size_t length) { return readBody(in, out, length); };
    return request;
}

void Connection::readPeer(Request& request) const {
    if (control_) {
        request.console = isConsole(const_cast<Connection*>(this)->socket().impl()->sockfd());
        return;
    }
    request.address = address_;
    Poco::Net::IPAddress address;
    // A proxy on this machine speaks for somebody else.
    const bool forwarded = request.has("X-Forwarded-For") || request.has("Forwarded");
    request.loopback =
        !forwarded && Poco::Net::IPAddress::tryParse(address_, address) && address.isLoopback();
}

std::string Connection::readBody(HTTPServerRequestImpl& in, HTTPServerResponseImpl& out,
                                 std::size_t length) {
    parts_.connections.allow(*ticket_,
                             parts_.patience.body + Millis(1'000) * (length / (32 * 1024)));
    if (in.getExpectContinue())
        out.sendContinue();
    std::string body(length, '\0');
    in.stream().read(body.data(), static_cast<std::streamsize>(length));
    if (static_cast<std::size_t>(in.stream().gcount()) != length) {
        if (parts_.stopping)
            throw stopping();
        throw Error(ErrorCode::malformed, "The body ended before its Content-Length.");
    }
    body_left_ = false;
    parts_.connections.allow(*ticket_, parts_.patience.reply);
    return body;
}

void Connection::send(HTTPServerResponseImpl& out, const Reply& reply) {
    setHead(out, reply);
    if (reply.status == 204 || reply.status == 304)
        out.send();
    else
        out.sendBuffer(reply.body.data(), reply.body.size());
}

void Connection::startStream(HTTPServerRequestImpl& in, HTTPServerResponseImpl& out,
                             const Reply& reply) {
    if (!parts_.events.reserve(address_)) {
        Reply full =
            problemReply(RetryLater(ErrorCode::unavailable, "There are too many event streams.",
                                    std::chrono::seconds(30)),
                         "/api/v1/events");
        out.setKeepAlive(false);
        send(out, full);
        return;
    }
    try {
        out.setKeepAlive(false);
        out.setChunkedTransferEncoding(false);
        setHead(out, reply);
        out.send().flush();
        parts_.events.add(in.detachSocket(), address_, *reply.stream);
    } catch (...) {
        parts_.events.giveBack(address_);
        throw;
    }
}

void Connection::refuse(HTTPServerSession& session, const Error& error) {
    HTTPServerResponseImpl out(session);
    out.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);
    out.setDate(Poco::Timestamp());
    out.setKeepAlive(false);
    session.setKeepAlive(false);
    const Reply reply = problemReply(error, "/");
    setHead(out, reply);
    out.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
    out.send() << reply.body; // sendBuffer() leaves the body out where no request is attached
    body_left_ = true;        // who knows what else was sent
}

/// Lets the reply arrive although the client still talks: closing with unread bytes would reset the
/// connection under it.
void Connection::linger() {
    socket().shutdownSend();
    socket().setReceiveTimeout(Poco::Timespan(0, 500'000));
    std::array<char, 16 * 1024> nothing{};
    for (int i = 0; i < 256; ++i)
        if (socket().receiveBytes(nothing.data(), static_cast<int>(nothing.size())) <= 0)
            return;
}

} // namespace gatefold::http
