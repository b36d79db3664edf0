#include "cli/socket_api.hpp"

#include "core/error.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/StreamCopier.h>
#include <Poco/Timespan.h>

#include <string>
#include <sys/socket.h>

namespace gatefold::cli {

namespace {
/// A backup of a large collection takes a while.
constexpr int patience_s = 120;
} // namespace

pid_t SocketApi::process() const {
    using namespace Poco::Net;
    try {
        const StreamSocket socket(SocketAddress(SocketAddress::UNIX_LOCAL, socket_.string()));
        ::ucred peer{};
        ::socklen_t size = sizeof peer;
        if (::getsockopt(socket.impl()->sockfd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
            peer.pid > 0) // 0: of another process namespace
            return peer.pid;
    } catch (const Poco::Exception&) {
        // Nobody listens; what has the store is no daemon.
    }
    throw Error(ErrorCode::unavailable,
                "Another command has the store; try again when it is done.");
}

ApiReply SocketApi::call(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view if_match) {
    using namespace Poco::Net;
    try {
        HTTPClientSession session{
            StreamSocket(SocketAddress(SocketAddress::UNIX_LOCAL, socket_.string()))};
        session.setTimeout(Poco::Timespan(patience_s, 0));
        HTTPRequest request(std::string(method), std::string(target), HTTPMessage::HTTP_1_1);
        request.setHost("localhost");
        if (!if_match.empty())
            request.set("If-Match", std::string(if_match));
        request.set("X-Gatefold", "1");
        if (method != "GET") {
            request.setContentType("application/json");
            request.setContentLength64(static_cast<Poco::Int64>(body.size()));
        }
        session.sendRequest(request) << body << std::flush;
        HTTPResponse response;
        std::istream& answer = session.receiveResponse(response);
        ApiReply reply;
        Poco::StreamCopier::copyToString(answer, reply.body);
        reply.status = response.getStatus();
        reply.tag = response.get("ETag", "");
        return reply;
    } catch (const Poco::Exception& error) {
        throw Error(ErrorCode::unavailable, "gatefoldd has the store, but does not answer on " +
                                                socket_.string() + ": " + error.displayText());
    }
}

} // namespace gatefold::cli
