#include "lookup/http_client.hpp"

#include "core/text.hpp"
#include "lookup/transfer_watch.hpp"
#include "os/file_descriptor.hpp"

#include <Poco/Exception.h>
#include <Poco/InflatingStream.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <algorithm>
#include <array>
#include <istream>
#include <memory>

namespace gatefold::lookup {

namespace net = Poco::Net;

namespace {

constexpr std::size_t mostAddresses = 4;

Poco::Timespan timespan(Millis time) {
    return Poco::Timespan(time.count() * 1'000);
}

[[noreturn]] void unavailable(const std::string& what) {
    throw OnlineError(ErrorCode::unavailable, what);
}

net::HostEntry::AddressList addressesOf(const std::string& host) {
    net::HostEntry::AddressList addresses;
    try {
        addresses = net::DNS::hostByName(host).addresses();
    } catch (const net::NetException&) {
        // said below
    }
    if (addresses.empty())
        unavailable("has no address: no internet, or no name service");
    return addresses;
}

/// A socket that is watched from before it connects. TransferWatch cannot be moved.
struct WatchedSocket {
    WatchedSocket(net::SocketAddress::Family family, const Clock& clock, MonoTime deadline,
                  const std::stop_token& stop)
        : socket(family), watch(clock, deadline, stop, socket.impl()->sockfd()) {
        os::closeOnExec(socket.impl()->sockfd());
    }

    net::StreamSocket socket;
    TransferWatch watch;
};

/// Throws when the watch has ended the transfer.
void checkWatch(TransferWatch& watch, const HttpOptions& options) {
    switch (watch.end()) {
    case TransferWatch::End::stopped: throw OnlineError(ErrorCode::conflict, "was stopped");
    case TransferWatch::End::late:
        unavailable("was not done after " + std::to_string(options.total_timeout.count() / 1'000) +
                    " s");
    case TransferWatch::End::none: break;
    }
}

/// Connected to the first address of the host that answers.
std::unique_ptr<WatchedSocket> connected(const Poco::URI& address, const HttpOptions& options,
                                         const Clock& clock, MonoTime deadline,
                                         const std::stop_token& stop) {
    const net::HostEntry::AddressList addresses = addressesOf(address.getHost());
    for (std::size_t i = 0;; ++i) {
        const net::SocketAddress target(addresses[i], address.getPort());
        std::unique_ptr<WatchedSocket> made;
        try {
            made = std::make_unique<WatchedSocket>(target.family(), clock, deadline, stop);
            made->socket.connect(target, timespan(options.connect_timeout));
            checkWatch(made->watch, options); // it may have ended the socket before that
            made->socket.setReceiveTimeout(timespan(options.read_timeout));
            made->socket.setSendTimeout(timespan(options.read_timeout));
            return made;
        } catch (const Poco::Exception&) {
            if (made)
                checkWatch(made->watch, options);
            if (i + 1 == std::min(addresses.size(), mostAddresses))
                throw;
        }
    }
}

/// Reads what is there up to `most` bytes; one more byte is an error, and so is an end before
/// `expected`.
std::string bounded(std::istream& in, std::size_t most, TransferWatch& watch) {
    std::string body;
    std::array<char, 16 * 1024> piece;
    while (in) {
        in.read(piece.data(), piece.size());
        if (watch.end() != TransferWatch::End::none)
            unavailable("was ended");
        const auto count = static_cast<std::size_t>(in.gcount());
        if (count > most - body.size())
            unavailable("sends more than " + std::to_string(most >> 20) + " MiB");
        body.append(piece.data(), count);
    }
    return body;
}

std::string bodyOf(std::istream& in, const net::HTTPResponse& response, std::size_t most,
                   TransferWatch& watch) {
    const bool announced = response.hasContentLength();
    if (announced && response.getContentLength64() > static_cast<Poco::Int64>(most))
        unavailable("announces more than " + std::to_string(most >> 20) + " MiB");
    // Without it the library's streams keep their errors to themselves and simply end.
    in.exceptions(std::ios::badbit);
    const std::string encoding = asciiLower(response.get("Content-Encoding", ""));
    if (encoding == "gzip") {
        Poco::InflatingInputStream unpacked(in, Poco::InflatingStreamBuf::STREAM_GZIP);
        unpacked.exceptions(std::ios::badbit);
        return bounded(unpacked, most, watch);
    }
    if (!encoding.empty() && encoding != "identity")
        unavailable("answers in an encoding that was not asked for");
    std::string body = bounded(in, most, watch);
    if (announced && body.size() != static_cast<std::size_t>(response.getContentLength64()))
        unavailable("broke its answer off");
    return body;
}

bool isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

} // namespace

const std::string& HttpAnswer::header(const std::string& name) const {
    static const std::string none;
    const auto found = headers.find(name);
    return found == headers.end() ? none : found->second;
}

HttpClient::HttpClient(HttpOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

HttpAnswer HttpClient::exchange(const Poco::URI& address, const HttpRequest& request,
                                const Hosts& hosts, MonoTime deadline,
                                const std::stop_token& stop) {
    const auto connection = connected(address, options_, clock_, deadline, stop);
    net::StreamSocket& socket = connection->socket;
    TransferWatch& watch = connection->watch;
    try {
        // The library's own session for TLS cannot take a socket that is connected already.
        net::HTTPClientSession session(
            address.getScheme() == "https"
                ? net::StreamSocket(net::SecureStreamSocket::attach(socket, address.getHost(),
                                                                    options_.trusted->context()))
                : socket);
        // It never connects by itself: it has no host's name, and without keep-alive no second try.
        session.setKeepAlive(false);
        session.setTimeout(timespan(options_.read_timeout));

        net::HTTPRequest asked(net::HTTPRequest::HTTP_GET, address.getPathAndQuery(),
                               net::HTTPMessage::HTTP_1_1);
        asked.setHost(address.getHost(), address.getPort());
        asked.set("User-Agent", options_.user_agent);
        asked.set("Accept", request.accept);
        asked.set("Accept-Encoding", "gzip");
        if (!request.authorization.empty() && hosts.isOwn(address))
            asked.set("Authorization", request.authorization);
        session.sendRequest(asked);

        net::HTTPResponse response;
        std::istream& in = session.receiveResponse(response);
        HttpAnswer answer;
        answer.status = response.getStatus();
        answer.address = address.toString();
        for (const auto& [name, value] : response)
            answer.headers.insert_or_assign(asciiLower(name), value);
        if (answer.status == 200)
            answer.body = bodyOf(in, response, request.most_bytes, watch);
        return answer;
    } catch (...) {
        checkWatch(watch, options_);
        throw;
    }
}

HttpAnswer HttpClient::get(const HttpRequest& request, const Hosts& hosts,
                           const std::stop_token& stop) {
    const MonoTime deadline = clock_.now().mono + options_.total_timeout;
    try {
        Poco::URI address(request.address);
        for (int hops = 0;; ++hops) {
            if (!hosts.permits(address))
                unavailable("leads to another host (" + printable(address.getHost(), 80) +
                            "), which is not followed");
            HttpAnswer answer = exchange(address, request, hosts, deadline, stop);
            const std::string& target = answer.header("location");
            if (!isRedirect(answer.status) || target.empty())
                return answer;
            if (hops == options_.most_redirects)
                unavailable("redirects again and again");
            // "//host/path" takes over the scheme (RFC 3986, 4.2), which the library does not know.
            address.resolve(target.starts_with("//") ? address.getScheme() + ":" + target : target);
            address.setFragment({});
        }
    } catch (const net::CertificateValidationException&) {
        unavailable("has a certificate that does not prove who it is");
    } catch (const net::SSLException& e) {
        // A wrong host name has a type of its own, a wrong signature only a text (of OpenSSL).
        if (e.message().find("certificate verify failed") != std::string::npos)
            unavailable("has a certificate that does not prove who it is");
        unavailable("cannot be spoken to safely (TLS)");
    } catch (const Poco::TimeoutException&) {
        unavailable("does not answer in time");
    } catch (const net::ConnectionRefusedException&) {
        unavailable("refuses the connection");
    } catch (const Poco::Exception& e) {
        unavailable("cannot be reached (" + printable(e.displayText(), 120) + ")");
    } catch (const std::ios_base::failure&) {
        unavailable("broke its answer off");
    }
}

} // namespace gatefold::lookup
